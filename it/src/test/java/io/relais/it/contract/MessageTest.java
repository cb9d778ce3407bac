// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.AMQContentHeader;
import com.rabbitmq.client.impl.AMQImpl;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Closed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published is what is delivered, byte for byte and property for property. */
@AmqpTest
class MessageTest {

    @Test
    void everyPropertyArrives(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().contentType("application/json")
                .contentEncoding("utf-8").deliveryMode(2).priority(7).correlationId("c-1").replyTo("replies")
                .expiration("60000").messageId("m-1").timestamp(Date.from(Instant.ofEpochSecond(1_700_000_000)))
                .type("order")
                .userId("guest").appId("shop").clusterId("cluster").build();

        amqp.publish("", queue, properties, "m");

        AMQP.BasicProperties arrived = amqp.take(queue).getProps();
        assertThat(arrived).isEqualTo(properties);
    }

    @Test
    void aMessageWithoutPropertiesArrivesWithoutThem(Amqp amqp) throws Exception {
        String queue = amqp.queue();

        amqp.publish("", queue, new AMQP.BasicProperties(), "m");

        assertThat(amqp.take(queue).getProps()).isEqualTo(new AMQP.BasicProperties());
    }

    @Test
    void headersKeepTheirTypes(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Map<String, Object> headers = new HashMap<>();
        headers.put("byte", (byte) -7);
        headers.put("short", (short) -300);
        headers.put("int", 70_000);
        headers.put("long", 5_000_000_000L);
        headers.put("float", 1.5f);
        headers.put("double", 2.25d);
        headers.put("decimal", new BigDecimal("12.34"));
        headers.put("boolean", true);
        headers.put("timestamp", Date.from(Instant.ofEpochSecond(1_700_000_000)));
        headers.put("nothing", null);
        headers.put("list", List.of(1, 2L, true));
        headers.put("table", Map.of("inner", 1));

        amqp.publish("", queue, new AMQP.BasicProperties.Builder().headers(headers).build(), "m");

        assertThat(amqp.take(queue).getProps().getHeaders()).isEqualTo(headers);
    }

    @Test
    void textAndBytesInHeadersArrive(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        Map<String, Object> headers = Map.of("text", "grün", "bytes", new byte[]{0, -1, 7});

        amqp.publish("", queue, new AMQP.BasicProperties.Builder().headers(headers).build(), "m");

        Map<String, Object> arrived = amqp.take(queue).getProps().getHeaders();
        assertThat(arrived.get("text")).isInstanceOf(LongString.class).hasToString("grün");
        assertThat(arrived.get("bytes")).isEqualTo(new byte[]{0, -1, 7});
    }

    @ParameterizedTest(name = "{0} bytes in frames of {1}")
    @CsvSource({"0, 131072", "1, 4096", "4087, 4096", "4088, 4096", "4089, 4096", "100000, 4101", "131064, 131072",
            "131065, 131072", "5000000, 131072", "3000000, 9999"})
    void aBodyOfAnyLengthArrivesInFramesOfAnySize(int lengthBytes, int frameMax, Amqp amqp) throws Exception {
        String queue = amqp.queue();
        ConnectionFactory factory = amqp.factory();
        factory.setRequestedFrameMax(frameMax);
        Channel channel = amqp.connect(factory).createChannel();
        channel.confirmSelect();
        byte[] body = new byte[lengthBytes];
        new Random(lengthBytes).nextBytes(body);

        channel.basicPublish("", queue, null, body);
        channel.waitForConfirmsOrDie(10_000);

        assertThat(Arrays.equals(channel.basicGet(queue, true).getBody(), body)).isTrue();
    }

    @Test
    void aBodyOver128MiBIsRefused(Amqp amqp) throws Exception {
        int maximum = 128 << 20;
        byte[] chunk = new byte[1 << 16];
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);
            raw.method(1, new AMQImpl.Basic.Publish(0, "", "nowhere", false, false));
            raw.frame(AMQP.FRAME_HEADER, 1, contentHeader(maximum + 1));
            for (int sent = 0; sent < maximum; sent += chunk.length) {
                raw.frame(AMQP.FRAME_BODY, 1, chunk);
            }
            raw.frame(AMQP.FRAME_BODY, 1, new byte[1]);

            var close = raw.expect(AMQP.Channel.Close.class);
            assertThat(close.getReplyCode()).isEqualTo(406);
            assertThat(close.getReplyText()).isEqualTo(
                    "PRECONDITION_FAILED - message size 134217729 is larger than configured max size 134217728");
        }
    }

    private static byte[] contentHeader(long bodyBytes) throws Exception {
        return ((AMQContentHeader) new AMQP.BasicProperties()).toFrame(1, bodyBytes)
                .getPayload();
    }

    @Test
    void theUserIdMustBeTheUsersOwn(Amqp amqp) throws Exception {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().userId("bob").build();

        assertThat(amqp.refusal(ch -> ch.basicPublish("", "q", properties, Amqp.bytes("m")))).isEqualTo(channel(406,
                "PRECONDITION_FAILED - user_id property set to 'bob' but authenticated user was 'guest'"));
    }

    @ParameterizedTest(name = "''{0}''")
    @ValueSource(strings = {"a", "", "-1", "1.5"})
    void anExpirationThatIsNoNumberIsRefused(String expiration, Amqp amqp) throws Exception {
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().expiration(expiration).build();

        Closed closed = amqp.refusal(ch -> ch.basicPublish("", "q", properties, Amqp.bytes("m")));

        assertThat(closed.code()).isEqualTo(406);
        assertThat(closed.text()).startsWith("PRECONDITION_FAILED - invalid expiration '" + expiration + "': ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "4294967296", "99999999999"})
    void anExpirationMayBeLarge(String expiration, Amqp amqp) throws Exception {
        String queue = amqp.queue();

        amqp.publish("", queue, new AMQP.BasicProperties.Builder().expiration(expiration).build(), "m");

        GetResponse message = amqp.channel().basicGet(queue, true);
        assertThat(message == null ? expiration : message.getProps().getExpiration()).isEqualTo(expiration);
    }
}
