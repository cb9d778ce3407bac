// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.connection;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.AMQImpl;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Start, tune, open (AMQP 0-9-1, 2.2.4). */
@AmqpTest
class HandshakeTest {

    @Test
    void theServerOffersPlainAndAmqplainInEnglish(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            AMQP.Connection.Start start = raw.header(0, 0, 9, 1).expect(AMQP.Connection.Start.class);

            assertThat(List.of(start.getMechanisms().toString().split(" "))).contains("PLAIN", "AMQPLAIN");
            assertThat(start.getLocales()).hasToString("en_US");
        }
    }

    @Test
    void theServerNamesItself(Amqp amqp) throws Exception {
        Map<String, Object> properties = amqp.connect().getServerProperties();

        assertThat(properties).containsKeys("product", "version", "platform", "information",
                "capabilities",
                "cluster_name");
        assertThat(properties.get("product")).isInstanceOf(LongString.class);
    }

    @Test
    void theServerAnnouncesTheCapabilitiesOfRabbitMq(Amqp amqp) throws Exception {
        Object capabilities = amqp.connect().getServerProperties().get("capabilities");

        assertThat(capabilities).isEqualTo(Map.of("publisher_confirms", true, "exchange_exchange_bindings", true,
                "basic.nack", true, "consumer_cancel_notify", true, "connection.blocked", true, "consumer_priorities",
                true, "authentication_failure_close", true, "per_consumer_qos", true, "direct_reply_to", true));
    }

    @Test
    void theServerProposes2047ChannelsFramesOf128KiBAndAHeartbeatOf60Seconds(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            AMQP.Connection.Tune tune = raw.login();

            assertThat(tune.getChannelMax()).isEqualTo(2047);
            assertThat(tune.getFrameMax()).isEqualTo(131_072);
            assertThat(tune.getHeartbeat()).isEqualTo(60);
        }
    }

    @Test
    void theClientMayAskForLess(Amqp amqp) throws Exception {
        ConnectionFactory factory = amqp.factory();
        factory.setRequestedChannelMax(10);
        factory.setRequestedFrameMax(8192);
        factory.setRequestedHeartbeat(7);

        Connection connection = amqp.connect(factory);

        assertThat(connection.getChannelMax()).isEqualTo(10);
        assertThat(connection.getFrameMax()).isEqualTo(8192);
        assertThat(connection.getHeartbeat()).isEqualTo(7);
    }

    @ParameterizedTest(name = "channel-max {0}, frame-max {1}")
    @CsvSource({"2047, 4095", "2047, 131073", "2048, 131072"})
    void aClientThatAsksForMoreOrForTooLittleIsDisconnected(int channelMax, int frameMax, Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.login();
            raw.method(0, new AMQImpl.Connection.TuneOk(channelMax, frameMax, 0));

            assertThat(raw.isClosedByTheBroker()).isTrue();
        }
    }

    @Test
    void aClientWithoutPropertiesIsServed(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.header(0, 0, 9, 1).expect(AMQP.Connection.Start.class);
            raw.method(0, new AMQImpl.Connection.StartOk(Map.of(), "PLAIN",
                    com.rabbitmq.client.impl.LongStringHelper.asLongString("\0guest\0guest"), "en_US"));

            raw.expect(AMQP.Connection.Tune.class);
        }
    }

    @Test
    void openingAnUnknownVirtualHostIsRefused(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.login();
            raw.method(0, new AMQImpl.Connection.TuneOk(2047, 131_072, 0));
            raw.method(0, new AMQImpl.Connection.Open("nowhere", "", false));

            assertThat(raw.refusal()).isEqualTo(connection(530, "NOT_ALLOWED - vhost nowhere not found"));
        }
    }

    @Test
    void aMethodBeforeOpenIsOutOfPlace(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.login();
            raw.method(0, new AMQImpl.Connection.Open("/", "", false));

            assertThat(raw.isClosedByTheBroker()).isTrue();
        }
    }
}
