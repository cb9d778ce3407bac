// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;

import io.netty.buffer.Unpooled;
import io.relais.amqp.codec.AccessMethod;
import io.relais.amqp.codec.BasicMethod;
import io.relais.amqp.codec.ChannelMethod;
import io.relais.amqp.codec.ConfirmMethod;
import io.relais.amqp.codec.ConnectionMethod;
import io.relais.amqp.codec.ExchangeMethod;
import io.relais.amqp.codec.Frame;
import io.relais.amqp.codec.Method;
import io.relais.amqp.codec.QueueMethod;
import io.relais.amqp.codec.TxMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Codes and texts are those that RabbitMQ 3.10.8 answers, but where it speaks Erlang. */
class ChannelTest {
    private final World world = new World();
    private final RawClient client = world.client().channel(1).declare("q");

    @AfterEach
    void end() {
        world.end();
    }

    private static Method consume(String queue, String tag, boolean noAck) {
        return new BasicMethod.Consume(queue, tag, false, noAck, false, false, Map.of());
    }

    static Stream<Arguments> whatClosesTheChannel() {
        return Stream.of(
                Arguments.of(consume("nope", "x", false), 404, "NOT_FOUND - no queue 'nope' in vhost '/'"),
                Arguments.of(new QueueMethod.Declare("nope", true, false, false, false, false, Map.of()), 404,
                        "NOT_FOUND - no queue 'nope' in vhost '/'"),
                Arguments.of(new BasicMethod.Ack(7, false), 406, "PRECONDITION_FAILED - unknown delivery tag 7"),
                Arguments.of(new BasicMethod.Ack(0, false), 406, "PRECONDITION_FAILED - unknown delivery tag 0"),
                Arguments.of(new BasicMethod.Ack(9, true), 406, "PRECONDITION_FAILED - unknown delivery tag 9"),
                Arguments.of(new BasicMethod.Nack(9, true, true), 406, "PRECONDITION_FAILED - unknown delivery tag 9"),
                Arguments.of(new BasicMethod.Reject(9, true), 406, "PRECONDITION_FAILED - unknown delivery tag 9"),
                Arguments.of(new TxMethod.Commit(), 406, "PRECONDITION_FAILED - channel is not transactional"),
                Arguments.of(new TxMethod.Rollback(), 406, "PRECONDITION_FAILED - channel is not transactional"),
                Arguments.of(consume("amq.rabbitmq.reply-to", "x", false), 406,
                        "PRECONDITION_FAILED - reply consumer cannot acknowledge"));
    }

    @ParameterizedTest
    @MethodSource
    void whatClosesTheChannel(Method method, int code, String text) {
        client.method(1, method);

        assertThat(client.next(ChannelMethod.Close.class)).isEqualTo(
                new ChannelMethod.Close(code, text, Method.classId(method.id()), Method.methodId(method.id())));
        client.method(1, new ChannelMethod.CloseOk());
        client.channel(1);
    }

    static Stream<Arguments> whatClosesTheConnection() {
        return Stream.of(
                Arguments.of(new ChannelMethod.Open(), 504, "CHANNEL_ERROR - second 'channel.open' seen"),
                Arguments.of(new ChannelMethod.Flow(false), 540, "NOT_IMPLEMENTED - active=false"),
                Arguments.of(new BasicMethod.Qos(1, 0, false), 540, "NOT_IMPLEMENTED - prefetch_size!=0 (1)"),
                Arguments.of(new BasicMethod.Recover(false), 540, "NOT_IMPLEMENTED - requeue=false"),
                Arguments.of(new BasicMethod.RecoverAsync(false), 540, "NOT_IMPLEMENTED - requeue=false"),
                Arguments.of(new BasicMethod.Publish("", "q", false, true), 540, "NOT_IMPLEMENTED - immediate=true"),
                Arguments.of(new QueueMethod.DeclareOk("q", 0, 0), 503, "COMMAND_INVALID - unimplemented method"),
                Arguments.of(new BasicMethod.GetEmpty(), 503, "COMMAND_INVALID - unimplemented method"),
                Arguments.of(new ConnectionMethod.Close(200, "", 0, 0), 503, "COMMAND_INVALID - unimplemented method"));
    }

    @ParameterizedTest
    @MethodSource
    void whatClosesTheConnection(Method method, int code, String text) {
        client.method(1, method);

        assertThat(client.next(ConnectionMethod.Close.class)).isEqualTo(
                new ConnectionMethod.Close(code, text, Method.classId(method.id()), Method.methodId(method.id())));
        client.method(0, new ConnectionMethod.CloseOk());
        assertThat(client.isConnected()).isFalse();
    }

    static Stream<Arguments> whatIsAnswered() {
        return Stream.of(Arguments.of(new ChannelMethod.Flow(true), new ChannelMethod.FlowOk(true)),
                Arguments.of(new AccessMethod.Request("/data", false, true, true, true, true),
                        new AccessMethod.RequestOk(1)),
                Arguments.of(new BasicMethod.Cancel("nobody", false), new BasicMethod.CancelOk("nobody")),
                Arguments.of(new BasicMethod.Recover(true), new BasicMethod.RecoverOk()),
                Arguments.of(new BasicMethod.Get("q", false), new BasicMethod.GetEmpty()),
                Arguments.of(new QueueMethod.Purge("q", false), new QueueMethod.PurgeOk(0)),
                Arguments.of(new QueueMethod.Delete("q", false, false, false), new QueueMethod.DeleteOk(0)),
                Arguments.of(
                        new QueueMethod.Declare("amq.rabbitmq.reply-to", true, false, false, false, false, Map.of()),
                        new QueueMethod.DeclareOk("amq.rabbitmq.reply-to", 0, 1)),
                Arguments.of(new QueueMethod.Bind("q", "amq.direct", "k", false, Map.of()), new QueueMethod.BindOk()),
                Arguments.of(new QueueMethod.Unbind("q", "amq.direct", "k", Map.of()), new QueueMethod.UnbindOk()),
                Arguments.of(new ExchangeMethod.Declare("e", "topic", false, true, false, false, false, Map.of()),
                        new ExchangeMethod.DeclareOk()),
                Arguments.of(new ExchangeMethod.Declare("amq.topic", "", true, false, false, false, false, Map.of()),
                        new ExchangeMethod.DeclareOk()),
                Arguments.of(new ExchangeMethod.Bind("amq.topic", "amq.direct", "k", false, Map.of()),
                        new ExchangeMethod.BindOk()),
                Arguments.of(new ExchangeMethod.Unbind("amq.topic", "amq.direct", "k", false, Map.of()),
                        new ExchangeMethod.UnbindOk()),
                Arguments.of(new ExchangeMethod.Delete("not-there", false, false), new ExchangeMethod.DeleteOk()),
                Arguments.of(new ConfirmMethod.Select(false), new ConfirmMethod.SelectOk()),
                Arguments.of(new TxMethod.Select(), new TxMethod.SelectOk()));
    }

    @ParameterizedTest
    @MethodSource
    void whatIsAnswered(Method method, Method answer) {
        client.method(1, method);

        assertThat(client.next().method()).isEqualTo(answer);
        client.nothing();
    }

    @ParameterizedTest
    @MethodSource("whatIsAnswered")
    void whatIsAnsweredLaterIsAnsweredInOrder(Method method, Method answer) {
        client.bytesWithoutSettling(io.relais.amqp.codec.Samples.frame(1, method));
        client.bytesWithoutSettling(io.relais.amqp.codec.Samples.frame(1, new BasicMethod.Cancel("after", false)));

        assertThat(client.next().method()).isEqualTo(answer);
        client.next(BasicMethod.CancelOk.class);
    }

    @Test
    void whileAnAnswerWaitsForTheDiskTheConnectionIsNotRead() {
        client.bytesWithoutSettling(io.relais.amqp.codec.Samples.frame(1,
                new QueueMethod.Declare("later", false, true, false, false, false, Map.of())));
        assertThat(client.isRead()).isFalse();

        client.next(QueueMethod.DeclareOk.class);
        assertThat(client.isRead()).isTrue();
    }

    @Test
    void withNoWaitNothingIsAnswered() {
        client.method(1, new QueueMethod.Declare("r", false, false, false, false, true, Map.of()));
        client.method(1, new QueueMethod.Bind("r", "amq.direct", "k", true, Map.of()));
        client.method(1, new ExchangeMethod.Declare("e", "topic", false, true, false, false, true, Map.of()));
        client.method(1, new ConfirmMethod.Select(true));

        client.nothing();
    }

    @Nested
    class GivenAQueueWasDeclaredOnTheChannel {

        @Test
        void whenTheQueueIsLeftOut_thenItIsMeant() {
            client.method(1, new QueueMethod.Bind("", "amq.direct", "", false, Map.of()));

            client.next(QueueMethod.BindOk.class);
            client.bytes(RawClient.publish(1, "amq.direct", "q", false, RawClient.noProperties(), "x")).nothing();
            assertThat(world.broker.queue("q").messageCount()).isEqualTo(1);
        }

        @Test
        void whenItWasDeclaredOnAnotherChannel_thenItIsNotMeant() {
            client.channel(2).method(2, new QueueMethod.Purge("", false));

            assertThat(client.next(ChannelMethod.Close.class))
                    .isEqualTo(new ChannelMethod.Close(404, "NOT_FOUND - no previously declared queue", 50, 30));
        }
    }

    @Nested
    class GivenTheServerClosedTheChannel {

        GivenTheServerClosedTheChannel() {
            client.method(1, consume("nope", "x", false)).next(ChannelMethod.Close.class);
        }

        @Test
        void whenMoreComes_thenItIsNotLookedAt() {
            client.publish("q", "lost").method(1, consume("q", "x", true));

            client.nothing();
            assertThat(world.broker.queue("q").messageCount()).isZero();
        }

        @Test
        void whenTheClientClosesItToo_thenItIsAnswered() {
            client.method(1, new ChannelMethod.Close(200, "", 0, 0));

            client.next(ChannelMethod.CloseOk.class);
        }

        @Test
        void whenTheClientAgrees_thenTheNumberIsFree() {
            client.method(1, new ChannelMethod.CloseOk()).channel(1).publish("q", "arrives");

            assertThat(world.broker.queue("q").messageCount()).isEqualTo(1);
        }
    }

    @Test
    void onAChannelThatIsNotOpenOnlyOpenIsExpected() {
        client.method(5, new BasicMethod.Ack(1, false));

        assertThat(client.next(ConnectionMethod.Close.class))
                .isEqualTo(new ConnectionMethod.Close(504, "CHANNEL_ERROR - expected 'channel.open'", 60, 80));
    }

    @Test
    void aConsumerTagIsUsedOnce() {
        client.consume("q", "x", true).method(1, consume("q", "x", true));

        assertThat(client.next(ConnectionMethod.Close.class)).isEqualTo(
                new ConnectionMethod.Close(530, "NOT_ALLOWED - attempt to reuse consumer tag 'x'", 60, 20));
    }

    @Test
    void confirmsAndTransactionsExcludeEachOther() {
        client.confirms().method(1, new TxMethod.Select());
        assertThat(client.next(ChannelMethod.Close.class).replyText())
                .isEqualTo("PRECONDITION_FAILED - cannot switch from confirm to tx mode");

        client.channel(2).method(2, new TxMethod.Select()).next(TxMethod.SelectOk.class);
        client.method(2, new ConfirmMethod.Select(false));
        assertThat(client.next(ChannelMethod.Close.class).replyText())
                .isEqualTo("PRECONDITION_FAILED - cannot switch from tx to confirm mode");
    }

    static Stream<Arguments> whatIsOutOfPlace() {
        return Stream.of(
                Arguments.of(false, Frame.HEADER, "expected method frame, got non method frame instead"),
                Arguments.of(false, Frame.BODY, "expected method frame, got non method frame instead"),
                Arguments.of(true, Frame.METHOD,
                        "expected content header for class 60, got non content header frame instead"),
                Arguments.of(true, Frame.BODY,
                        "expected content header for class 60, got non content header frame instead"));
    }

    @ParameterizedTest
    @MethodSource
    void whatIsOutOfPlace(boolean afterPublish, int type, String text) {
        if (afterPublish) {
            client.method(1, new BasicMethod.Publish("", "q", false, false));
        }
        client.frame(type, 1, Unpooled.buffer().writeInt(60 << 16 | 80).writeZero(9));

        assertThat(client.next(ConnectionMethod.Close.class)).returns(505, ConnectionMethod.Close::replyCode)
                .returns("UNEXPECTED_FRAME - " + text, ConnectionMethod.Close::replyText);
    }

    @Test
    void aBodyLongerThanAnnouncedIsAFrameError() {
        client.method(1, new BasicMethod.Publish("", "q", false, false));
        client.frame(Frame.HEADER, 1, RawClient.header(1, RawClient.noProperties()));
        client.frame(Frame.BODY, 1, Unpooled.buffer().writeZero(3));

        assertThat(client.next(ConnectionMethod.Close.class).replyCode()).isEqualTo(501);
    }

    @Test
    void theClientClosesAChannel() {
        client.method(1, new ChannelMethod.Close(200, "", 0, 0));

        client.next(ChannelMethod.CloseOk.class);
        client.channel(1);
    }
}
