// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.broker.Broker.Identity;
import io.relais.broker.Session;

/**
 * How far a connection has come (AMQP 0-9-1 2.2.4), each state with what is known in it.
 *
 * <pre>
 *  AwaitingHeader ─ AMQP 0 0 9 1 ► AwaitingStartOk ─ start-ok, login ► AwaitingTuneOk ─ tune-ok ► AwaitingOpen ─ open ► Running ─► Closing ─► Closed
 * </pre>
 */
sealed interface ConnectionState {

    /** RabbitMQ's word for it, for texts and listings. */
    String label();

    /** Nothing has come yet. */
    record AwaitingHeader() implements ConnectionState {
        @Override
        public String label() {
            return "pre_init";
        }
    }

    record AwaitingStartOk() implements ConnectionState {
        @Override
        public String label() {
            return "starting";
        }
    }

    record AwaitingTuneOk(ClientProperties client, Identity identity) implements ConnectionState {
        @Override
        public String label() {
            return "tuning";
        }
    }

    record AwaitingOpen(ClientProperties client, Identity identity, Tuning tuning) implements ConnectionState {
        @Override
        public String label() {
            return "opening";
        }
    }

    /** Channels may be opened. */
    record Running(ClientProperties client, Tuning tuning, Session session, ContentFrames content,
            PublishThrottle throttle) implements ConnectionState {
        @Override
        public String label() {
            return throttle.isBlocked() ? "blocked" : "running";
        }
    }

    /** We sent connection.close and wait for connection.close-ok. */
    record Closing() implements ConnectionState {
        @Override
        public String label() {
            return "closing";
        }
    }

    /** The socket is closed, or is about to be. */
    record Closed() implements ConnectionState {
        @Override
        public String label() {
            return "closed";
        }
    }
}
