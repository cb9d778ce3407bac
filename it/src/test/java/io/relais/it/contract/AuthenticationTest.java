// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.LongStringHelper;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Closed;
import org.junit.jupiter.api.Test;

/** Who may come in, and what those are told who may not. */
@AmqpTest
class AuthenticationTest {
    private static final String REFUSED = "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN."
            + " For details see the broker logfile.";

    @Test
    void aWrongPasswordIsRefusedWith403(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.header(0, 0, 9, 1).expect(AMQP.Connection.Start.class);
            raw.startOk("PLAIN", "\0guest\0wrong");

            assertThat(raw.refusal()).isEqualTo(Closed.connection(403, REFUSED));
        }
    }

    @Test
    void anUnknownUserIsRefusedInTheSameWords(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.header(0, 0, 9, 1).expect(AMQP.Connection.Start.class);
            raw.startOk("PLAIN", "\0nobody\0guest");

            assertThat(raw.refusal()).isEqualTo(Closed.connection(403, REFUSED));
        }
    }

    @Test
    void theJavaClientSeesAnAuthenticationFailure(Amqp amqp) {
        ConnectionFactory factory = amqp.factory();
        factory.setPassword("wrong");

        assertThatThrownBy(() -> amqp.connect(factory)).isInstanceOf(AuthenticationFailureException.class)
                .hasMessageContaining(REFUSED);
    }

    @Test
    void aClientThatCannotReadTheRefusalIsJustDisconnected(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.header(0, 0, 9, 1).expect(AMQP.Connection.Start.class);
            raw.method(0, new AMQImpl.Connection.StartOk(Map.of(), "PLAIN",
                    LongStringHelper.asLongString("\0guest\0wrong"), "en_US"));

            assertThat(raw.isClosedByTheBroker()).isTrue();
        }
    }

    @Test
    void amqplainCarriesLoginAndPasswordInATable(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.header(0, 0, 9, 1).expect(AMQP.Connection.Start.class);
            raw.startOk("AMQPLAIN", "\5LOGINS\0\0\0\5guest\10PASSWORDS\0\0\0\5guest");

            raw.expect(AMQP.Connection.Tune.class);
        }
    }

    @Test
    void amqplainWithAWrongPasswordNamesItsMechanism(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.header(0, 0, 9, 1).expect(AMQP.Connection.Start.class);
            raw.startOk("AMQPLAIN", "\5LOGINS\0\0\0\5guest\10PASSWORDS\0\0\0\5wrong");

            assertThat(raw.refusal()).isEqualTo(Closed.connection(403, REFUSED.replace("PLAIN", "AMQPLAIN")));
        }
    }

    @Test
    void anUnknownMechanismIsRefused(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.header(0, 0, 9, 1).expect(AMQP.Connection.Start.class);
            raw.startOk("KERBEROS", "");

            assertThat(raw.isClosedByTheBroker()).isTrue();
        }
    }

    @Test
    void aMalformedPlainResponseEndsTheConnection(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.header(0, 0, 9, 1).expect(AMQP.Connection.Start.class);
            raw.startOk("PLAIN", "guest");

            assertThat(raw.isClosedByTheBroker()).isTrue();
        }
    }

    @Test
    void aSecretIsUpdatedOnAnOpenConnection(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open();
            byte[] updateSecret = Amqp.bytes("\0\12\0\106\0\0\0\5guest\7rotated");
            raw.frame(AMQP.FRAME_METHOD, 0, updateSecret);

            assertThat(raw.read().getPayload()).as("connection.update-secret-ok").containsExactly(0, 10, 0, 71);
            raw.channel(1);
        }
    }
}
