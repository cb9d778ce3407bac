// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static io.relais.it.fixture.Closed.connection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.impl.AMQCommand;
import com.rabbitmq.client.impl.AMQContentHeader;
import com.rabbitmq.client.impl.AMQImpl;
import com.rabbitmq.client.impl.Frame;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Closed;
import io.relais.it.fixture.RawConnection;
import io.relais.it.fixture.RelaisOnly;
import org.junit.jupiter.api.Test;

/** Bytes that are not AMQP end the connection, with the code that says why (AMQP 0-9-1, 4.10.2). */
@AmqpTest
class FramingErrorTest {
    private static final AMQImpl.Basic.Publish PUBLISH = new AMQImpl.Basic.Publish(0, "", "nowhere", false, false);

    private static byte[] contentHeader(long bodyBytes) throws IOException {
        return ((AMQContentHeader) new AMQP.BasicProperties()).toFrame(1, bodyBytes).getPayload();
    }

    private static Closed refusalOf(Amqp amqp, RawAction action) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);
            action.on(raw);
            return raw.refusal();
        }
    }

    private interface RawAction {
        void on(RawConnection raw) throws Exception;
    }

    /** RabbitMQ goes on in terms of Erlang; the code is the contract. */
    private static void assertFrameError(Closed closed) {
        assertThat(closed.code()).isEqualTo(501);
        assertThat(closed.text()).startsWith("FRAME_ERROR - ");
    }

    @Test
    void aFrameThatDoesNotEndWithTheFrameEndOctetIs501(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp, raw -> raw.frame(AMQP.FRAME_HEARTBEAT, 0, 0, 0xAA));

        assertFrameError(closed);
    }

    @Test
    void aFrameLargerThanAgreedIs501(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp, raw -> raw.frame(AMQP.FRAME_BODY, 1, new byte[131_073]));

        assertFrameError(closed);
    }

    @Test
    void aFrameOfAnUnknownTypeIs501(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp, raw -> raw.frame(7, 1));

        assertFrameError(closed);
    }

    @Test
    void aMethodCutShortIs501(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp, raw -> raw.frame(AMQP.FRAME_METHOD, 1, new byte[]{0, 50, 0, 10, 0, 0, 9, 'a'}));

        assertFrameError(closed);
    }

    @Test
    void anUnknownMethodEndsTheConnection(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1).frame(AMQP.FRAME_METHOD, 1, new byte[]{0, 50, 0, 99});

            assertThat(raw.isClosedByTheBroker()).isTrue();
        }
    }

    @Test
    void aMethodInTheMiddleOfAMessageIs505(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp, raw -> raw.method(1, PUBLISH).method(1, PUBLISH));

        assertThat(closed).isEqualTo(connection(505, "UNEXPECTED_FRAME - expected content header for class 60, got non"
                + " content header frame instead"));
    }

    @Test
    void aBodyWithoutAHeaderIs505(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp, raw -> raw.method(1, PUBLISH).frame(AMQP.FRAME_BODY, 1, new byte[1]));

        assertThat(closed).isEqualTo(connection(505,
                "UNEXPECTED_FRAME - expected content header for class 60, got non content header frame instead"));
    }

    @Test
    void aBodyWithoutAMethodIs505(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp, raw -> raw.frame(AMQP.FRAME_BODY, 1, new byte[1]));

        assertThat(closed).isEqualTo(connection(505,
                "UNEXPECTED_FRAME - expected method frame, got non method frame instead"));
    }

    @Test
    void aHeaderOfAnotherClassIs505(Amqp amqp) throws Exception {
        byte[] header = contentHeader(0);
        header[1] = 50;
        Closed closed = refusalOf(amqp, raw -> raw.method(1, PUBLISH).frame(AMQP.FRAME_HEADER, 1, header));

        assertThat(closed).isEqualTo(connection(505, "UNEXPECTED_FRAME - expected content header for class 60, got one"
                + " for class 50 instead"));
    }

    @Test
    void aMethodWhereABodyIsDueIs505(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp,
                raw -> raw.method(1, PUBLISH).frame(AMQP.FRAME_HEADER, 1, contentHeader(5)).method(1, PUBLISH));

        assertThat(closed).isEqualTo(
                connection(505, "UNEXPECTED_FRAME - expected content body, got non content body frame instead"));
    }

    @RelaisOnly("RabbitMQ goes on waiting, for ever")
    @Test
    void aBodyLongerThanItsHeaderSaysEndsTheConnection(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1).method(1, PUBLISH);
            raw.frame(AMQP.FRAME_HEADER, 1, contentHeader(5)).frame(AMQP.FRAME_BODY, 1, new byte[6]);

            assertThat(raw.isClosedByTheBroker()).isTrue();
        }
    }

    @Test
    void aMethodOnAChannelThatIsNotOpenIs504(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp, raw -> raw.method(2, new AMQImpl.Basic.Qos(0, 1, false)));

        assertThat(closed).isEqualTo(connection(504, "CHANNEL_ERROR - expected 'channel.open'"));
    }

    @Test
    void openingAChannelTwiceIs504(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp, raw -> raw.method(1, new AMQImpl.Channel.Open("")));

        assertThat(closed).isEqualTo(connection(504, "CHANNEL_ERROR - second 'channel.open' seen"));
    }

    @Test
    void aMethodOfTheConnectionOnAnotherChannelIsRefused(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp, raw -> raw.method(1, new AMQImpl.Connection.Open("/", "", false)));

        assertThat(closed).isEqualTo(connection(503,
                "COMMAND_INVALID - unimplemented method"));
    }

    @Test
    void aMethodOfAChannelOnChannelZeroIsRefused(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp, raw -> raw.method(0, new AMQImpl.Basic.Qos(0, 1, false)));

        assertThat(closed).isEqualTo(connection(504,
                "CHANNEL_ERROR - unexpected method in connection state running"));
    }

    @Test
    void moreChannelsThanAgreedAreRefused(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open(2, 131_072, 0).channel(1).channel(2);
            raw.method(3, new AMQImpl.Channel.Open(""));

            Closed closed = raw.refusal();
            assertThat(closed.code()).isEqualTo(530);
            assertThat(closed.text()).startsWith("NOT_ALLOWED - number of channels opened (2)");
        }
    }

    @Test
    void aMethodThatOnlyServersSendIsRefused(Amqp amqp) throws Exception {
        Closed closed = refusalOf(amqp, raw -> raw.method(1, new AMQImpl.Queue.DeclareOk("q", 0, 0)));

        assertThat(closed).isEqualTo(connection(503,
                "COMMAND_INVALID - unimplemented method"));
    }

    @Test
    void whatFollowsARefusalIsIgnoredUntilCloseOk(Amqp amqp) throws Exception {
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);
            raw.method(1, new AMQImpl.Basic.Qos(10, 1, false));
            raw.refusal();
            raw.method(1, new AMQImpl.Basic.Qos(0, 1, false));
            raw.method(0, new AMQImpl.Connection.CloseOk());

            assertThat(raw.isClosedByTheBroker()).isTrue();
        }
    }

    @Test
    void aMessageMayBeSplitIntoFramesOfAnySize(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        try (var raw = amqp.rawConnection()) {
            raw.open().channel(1);
            raw.method(1, new AMQImpl.Basic.Publish(0, "", queue, false, false));
            raw.frame(AMQP.FRAME_HEADER, 1, contentHeader(4));
            raw.frame(AMQP.FRAME_BODY, 1, (byte) 'a');
            raw.frame(AMQP.FRAME_BODY, 1);
            raw.frame(AMQP.FRAME_BODY, 1, (byte) 'b', (byte) 'c');
            raw.frame(AMQP.FRAME_BODY, 1, (byte) 'd');

            assertThat(Amqp.text(amqp.take(queue))).isEqualTo("abcd");
        }
    }

    @Test
    void deliveriesAreSplitAtTheAgreedFrameMax(Amqp amqp) throws Exception {
        String queue = amqp.queue();
        amqp.send(queue, "x".repeat(10_000));
        try (var raw = amqp.rawConnection()) {
            raw.open(2047, 4096, 0).channel(1);
            raw.method(1, new AMQImpl.Basic.Get(0, queue, true));
            raw.expect(AMQP.Basic.GetOk.class);
            assertThat(raw.read().getType()).isEqualTo(AMQP.FRAME_HEADER);

            Frame first = raw.read();

            assertThat(first.getType()).isEqualTo(AMQP.FRAME_BODY);
            assertThat(first.getPayload()).hasSize(4096 - AMQCommand.EMPTY_FRAME_SIZE);
        }
    }
}
