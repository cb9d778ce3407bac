// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;

/** The first eight bytes (AMQP 0-9-1, 4.2.2). */
@AmqpTest
class ProtocolHeaderTest {
    private static final byte[] OURS = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

    @Test
    void aClientOfTheRightVersionIsGreetedWithStart(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.header(0, 0, 9, 1);

            AMQP.Connection.Start start = raw.expect(AMQP.Connection.Start.class);
            assertThat(start.getVersionMajor()).isZero();
            assertThat(start.getVersionMinor()).isEqualTo(9);
        }
    }

    @Test
    void aClientOfAnotherVersionIsToldOursAndDisconnected(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.header(0, 1, 0, 0);

            assertThat(raw.bytes(8)).isEqualTo(OURS);
            assertThat(raw.isClosedByTheBroker()).isTrue();
        }
    }

    @Test
    void aClientOfAnotherProtocolIsToldOursAndDisconnected(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.send(Amqp.bytes("GET / HTTP/1.1\r\n\r\n"));

            assertThat(raw.bytes(8)).isEqualTo(OURS);
            assertThat(raw.isClosedByTheBroker()).isTrue();
        }
    }

    @Test
    void theHeaderOfVersion09IsTakenFor091(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.header(1, 1, 0, 9);

            assertThat(raw.expect(AMQP.Connection.Start.class).getVersionMinor()).isEqualTo(9);
        }
    }

    @Test
    void aHeaderMayArriveByteByByte(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            for (byte octet : OURS) {
                raw.send(octet);
            }

            raw.expect(AMQP.Connection.Start.class);
        }
    }
}
