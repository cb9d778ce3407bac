// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.netty.channel.Channel;

/**
 * Whether a connection's input is worked on: it is not while any reason against it holds. Then nothing more is decoded, and the socket is not read,
 * so what waits is bounded by one read, and the client feels it through TCP.
 *
 * <p>Thread: the owner.
 */
final class ReadGate {
    /** Why input waits. */
    enum Reason {
        /** A command's answer is still to come, and commands of a connection keep their order. */
        AWAITING_REPLY(1),
        /** Too much of what was published is on its way to the disk. */
        SATURATED(2),
        /** An alarm blocks publishers, and this connection publishes. */
        BLOCKED(4);

        private final int mask;

        Reason(int mask) {
            this.mask = mask;
        }
    }

    private final Channel channel;
    private final Runnable resume;
    private int reasons;
    private boolean reading = true;

    /** @param resume works on the input that has waited */
    ReadGate(Channel channel, Runnable resume) {
        this.channel = channel;
        this.resume = resume;
    }

    boolean isOpen() {
        return reasons == 0;
    }

    void hold(Reason reason) {
        reasons |= reason.mask;
    }

    void release(Reason reason) {
        boolean wasClosed = reasons != 0;
        reasons &= ~reason.mask;
        if (wasClosed && reasons == 0) {
            resume.run();
        }
    }

    /** Makes the socket follow. Called at the end of a piece of work, so that a gate that closes and opens within it costs nothing. */
    void apply() {
        if (reading != isOpen()) {
            reading = isOpen();
            channel.config().setAutoRead(reading);
        }
    }
}
