// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;

/** Heartbeats (AMQP 0-9-1, 4.2.7). */
@AmqpTest
class HeartbeatTest {

    @Test
    void theServerSendsHeartbeatsTwiceAsOftenAsAgreed(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open(2047, 131_072, 1);

            var frame = raw.read();

            assertThat(frame.getType()).isEqualTo(AMQP.FRAME_HEARTBEAT);
            assertThat(frame.getChannel()).isZero();
            assertThat(frame.getPayload()).isEmpty();
        }
    }

    @Test
    void aClientThatStaysSilentIsDisconnected(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open(2047, 131_072, 1);

            assertThat(raw.isClosedByTheBroker()).isTrue();
        }
    }

    @Test
    void aClientThatSendsHeartbeatsStaysConnected(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open(2047, 131_072, 1);

            for (int i = 0; i < 6; i++) {
                assertThat(raw.read().getType()).isEqualTo(AMQP.FRAME_HEARTBEAT);
                raw.frame(AMQP.FRAME_HEARTBEAT, 0);
            }

            raw.channel(1);
        }
    }

    @Test
    void withAHeartbeatOfZeroThereAreNone(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open(2047, 131_072, 0);

            Thread.sleep(600);

            raw.method(1, new com.rabbitmq.client.impl.AMQImpl.Channel.Open(""));
            assertThat(raw.read().getType()).isEqualTo(AMQP.FRAME_METHOD);
        }
    }
}
