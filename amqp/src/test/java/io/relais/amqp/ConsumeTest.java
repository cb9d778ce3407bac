// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.amqp.codec.AmqpProperties;
import io.relais.amqp.codec.BasicMethod;
import io.relais.amqp.codec.ChannelMethod;
import io.relais.amqp.codec.ConnectionMethod;
import io.relais.amqp.codec.QueueMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ConsumeTest {
    private final World world = new World();
    private final RawClient client = world.client().channel(1).declare("q");

    @AfterEach
    void end() {
        world.end();
    }

    private void publish(int count) {
        for (int i = 1; i <= count; i++) {
            client.publish("q", "m" + i);
        }
    }

    private void deleteBehindTheConsumer() {
        world.client().channel(1).method(1, new QueueMethod.Delete("q", false, false, false))
                .next(QueueMethod.DeleteOk.class);
    }

    private List<String> deliveries(int count) {
        return java.util.stream.Stream.generate(() -> client.delivery().text()).limit(count).toList();
    }

    @Test
    void deliveriesCarryTagsAddressAndContent() {
        publish(2);
        client.consume("q", "tag", false);

        assertThat(client.delivery().method()).isEqualTo(new BasicMethod.Deliver("tag", 1, false, "", "q"));
        assertThat(client.delivery().method()).isEqualTo(new BasicMethod.Deliver("tag", 2, false, "", "q"));
        assertThat(world.broker.queue("q").unacknowledgedCount()).isEqualTo(2);
    }

    @Test
    void aTagIsMadeUpWhereTheClientGivesNone() {
        client.method(1, new BasicMethod.Consume("q", "", false, true, false, false, Map.of()));

        assertThat(client.next(BasicMethod.ConsumeOk.class).consumerTag()).matches("amq\\.ctag-[\\w-]{22}");
    }

    @Test
    void aRoundOfDeliveriesIsOneFlush() {
        publish(100);
        client.flushes();

        client.consume("q", "c", true);

        deliveries(100);
        assertThat(client.flushes()).isLessThanOrEqualTo(2);
    }

    @Test
    void withoutAcknowledgementsNothingIsKept() {
        publish(2);
        client.consume("q", "c", true);

        deliveries(2);
        assertThat(world.broker.queue("q").unacknowledgedCount()).isZero();
        client.ack(1, false);
        assertThat(client.next(ChannelMethod.Close.class).replyText())
                .isEqualTo("PRECONDITION_FAILED - unknown delivery tag 1");
    }

    @Nested
    class GivenAPrefetchOfTwo {

        GivenAPrefetchOfTwo() {
            client.prefetch(2, false).consume("q", "c", false);
            publish(5);
        }

        @Test
        void whenNothingIsAcknowledged_thenTwoAreDelivered() {
            assertThat(deliveries(2)).containsExactly("m1", "m2");
            client.nothing();
        }

        @Test
        void whenOneIsAcknowledged_thenOneMoreIsDelivered() {
            deliveries(2);

            client.ack(1, false);

            assertThat(deliveries(1)).containsExactly("m3");
            client.nothing();
        }

        @Test
        void whenAllAreAcknowledgedAtOnce_thenTwoMoreAreDelivered() {
            deliveries(2);

            client.ack(2, true);

            assertThat(deliveries(2)).containsExactly("m3", "m4");
            client.nothing();
        }

        @Test
        void whenAllAreAcknowledgedByTagZero_thenTwoMoreAreDelivered() {
            deliveries(2);

            client.ack(0, true);

            assertThat(deliveries(2)).containsExactly("m3", "m4");
        }

        @Test
        void whenAnotherConsumerBegins_thenItHasItsOwn() {
            deliveries(2);

            client.consume("q", "d", false);

            assertThat(deliveries(2)).containsExactly("m3", "m4");
            client.nothing();
        }
    }

    @Test
    void aPrefetchOfTheChannelCountsForAllItsConsumers() {
        client.prefetch(3, true).consume("q", "c", false).consume("q", "d", false);
        publish(6);

        deliveries(3);
        client.nothing();
        client.ack(3, true);
        deliveries(3);
    }

    @Nested
    class GivenThreeDelivered {

        GivenThreeDelivered() {
            publish(3);
            client.prefetch(3, false).consume("q", "c", false);
            deliveries(3);
        }

        @Test
        void whenOneIsReturned_thenItComesAgainAsRedelivered() {
            client.method(1, new BasicMethod.Reject(2, true));

            RawClient.Received again = client.delivery();
            assertThat(again.text()).isEqualTo("m2");
            assertThat(again.method()).isEqualTo(new BasicMethod.Deliver("c", 4, true, "", "q"));
        }

        @Test
        void whenAllAreReturned_thenTheyComeAgainInOrder() {
            client.method(1, new BasicMethod.Nack(3, true, true));

            assertThat(deliveries(3)).containsExactly("m1", "m2", "m3");
        }

        @Test
        void whenTheyAreRecovered_thenTheyComeAgainInOrder() {
            client.method(1, new BasicMethod.Recover(true)).next(BasicMethod.RecoverOk.class);

            assertThat(deliveries(3)).containsExactly("m1", "m2", "m3");
        }

        @Test
        void whenOneIsRejected_thenItIsGone() {
            client.method(1, new BasicMethod.Reject(2, false)).nothing();

            assertThat(world.broker.queue("q").unacknowledgedCount()).isEqualTo(2);
        }

        @Test
        void whenOneIsAcknowledgedTwice_thenTheChannelIsClosedAndTheRestComesBack() {
            client.ack(2, false).ack(2, false);

            assertThat(client.next(ChannelMethod.Close.class))
                    .isEqualTo(new ChannelMethod.Close(406, "PRECONDITION_FAILED - unknown delivery tag 2", 60, 80));
            assertThat(world.broker.queue("q").messageCount()).isEqualTo(2);
            assertThat(world.broker.queue("q").consumerCount()).isZero();
        }

        @Test
        void whenTheConsumerIsCancelled_thenItsMessagesStayWithTheChannel() {
            client.method(1, new BasicMethod.Cancel("c", false)).next(BasicMethod.CancelOk.class);
            client.publish("q", "m4");

            client.nothing();
            assertThat(world.broker.queue("q").messageCount()).isEqualTo(1);
            assertThat(world.broker.queue("q").unacknowledgedCount()).isEqualTo(3);
            client.ack(3, true);
            assertThat(world.broker.queue("q").unacknowledgedCount()).isZero();
        }

        @Test
        void whenTheConnectionIsLost_thenAnotherGetsThemInOrder() {
            client.disconnect();

            RawClient other = world.client().channel(1).consume("q", "d", false);
            for (int i = 1; i <= 3; i++) {
                RawClient.Received again = other.delivery();
                assertThat(again.text()).isEqualTo("m" + i);
                assertThat(((BasicMethod.Deliver) again.method()).redelivered()).isTrue();
            }
        }

        @Test
        void whenTheChannelIsClosed_thenTheyComeBack() {
            client.method(1, new ChannelMethod.Close(200, "", 0, 0)).next(ChannelMethod.CloseOk.class);

            assertThat(world.broker.queue("q").messageCount()).isEqualTo(3);
        }

        @Test
        void whenTheQueueGoesAway_thenTheClientIsToldAndItsAcknowledgementsDoNoHarm() {
            deleteBehindTheConsumer();

            assertThat(client.next(BasicMethod.Cancel.class)).isEqualTo(new BasicMethod.Cancel("c", true));
            client.ack(3, true).nothing();
        }
    }

    @Test
    void aClientThatDoesNotKnowOfCancellationsIsNotTold() {
        RawClient other = world.connect().handshake(Map.of(), 131_072, 60).channel(1).consume("q", "c", true);

        deleteBehindTheConsumer();

        other.nothing();
    }

    @Nested
    class GivenAQuorumQueue {

        GivenAQuorumQueue() {
            client.declare("quorum", Map.of("x-queue-type", "quorum"));
            client.bytes(RawClient.publish(1, "", "quorum", false, RawClient.persistent(), "m"));
            client.consume("quorum", "c", false);
        }

        @Test
        void whenTheChannelHasAPrefetchOfItsOwn_thenThatIsNotImplemented() {
            client.delivery();
            client.prefetch(5, true).method(1,
                    new BasicMethod.Consume("quorum", "d", false, false, false, false, Map.of()));

            assertThat(client.all()).last().isEqualTo(new ConnectionMethod.Close(540,
                    "NOT_IMPLEMENTED - queue 'quorum' in vhost '/' does not support global qos", 60, 20));
        }

        @Test
        void whenAMessageIsDeliveredFirst_thenItHasNoDeliveryCount() {
            assertThat(client.delivery().properties()).containsExactly(0x10, 0, 2);
        }

        @Test
        void whenItComesAgain_thenTheHeadersSayHowOftenItWasReturned() {
            long tag = client.deliveryTag();
            for (long returned = 1; returned <= 3; returned++) {
                client.method(1, new BasicMethod.Reject(tag, true));
                RawClient.Received again = client.delivery();
                tag = ((BasicMethod.Deliver) again.method()).deliveryTag();

                ByteBuf properties = Unpooled.wrappedBuffer(again.properties());
                assertThat(new AmqpProperties().headers(properties)).containsEntry("x-delivery-count", returned);
                assertThat(again.text()).isEqualTo("m");
            }
        }
    }

    @Nested
    class GivenGets {

        @Test
        void whenThereIsAMessage_thenItComesWithTheCountOfTheRest() {
            publish(3);
            client.method(1, new BasicMethod.Get("q", false));

            RawClient.Received got = client.next();
            assertThat(got.method()).isEqualTo(new BasicMethod.GetOk(1, false, "", "q", 2));
            assertThat(got.text()).isEqualTo("m1");
            client.ack(1, false);
            assertThat(world.broker.queue("q").unacknowledgedCount()).isZero();
        }

        @Test
        void whenItIsNotAcknowledgedAndTheChannelCloses_thenItComesBack() {
            publish(1);
            client.method(1, new BasicMethod.Get("q", false)).next(BasicMethod.GetOk.class);
            client.method(1, new ChannelMethod.Close(200, "", 0, 0));

            assertThat(world.broker.queue("q").messageCount()).isEqualTo(1);
        }

        @Test
        void whenNoAcknowledgementIsWanted_thenItIsGone() {
            publish(1);
            client.method(1, new BasicMethod.Get("q", true)).next(BasicMethod.GetOk.class);

            assertThat(world.broker.queue("q").unacknowledgedCount()).isZero();
        }
    }

    @Test
    void aSlowReaderIsNotServedBeyondTheWaterMarkUntilItReads() {
        String body = "x".repeat(100_000);
        for (int i = 0; i < 20; i++) {
            client.publish("q", body);
        }
        client.socket().unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        client.consume("q", "c", true).nothing();
        assertThat(world.broker.queue("q").messageCount()).isEqualTo(20);

        client.socket().unsafe().outboundBuffer().setUserDefinedWritability(1, true);

        client.settle();
        client.settle();
        assertThat(deliveries(20)).hasSize(20);
    }

    @Nested
    class GivenAConsumerOfDirectReplies {
        private final RawClient server = world.client().channel(1).declare("requests");

        GivenAConsumerOfDirectReplies() {
            client.consume("amq.rabbitmq.reply-to", "replies", true);
        }

        private String request() {
            ByteBuf properties = Unpooled.buffer().writeShort(1 << 9).writeByte(21)
                    .writeBytes("amq.rabbitmq.reply-to".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            client.bytes(RawClient.publish(1, "", "requests", false, properties, "ping"));
            server.consume("requests", "s", true);
            RawClient.Received request = server.delivery();
            assertThat(request.text()).isEqualTo("ping");
            return new String(request.properties(), 3, request.properties().length - 3,
                    java.nio.charset.StandardCharsets.UTF_8);
        }

        @Test
        void whenItIsRepliedTo_thenTheReplyIsDelivered() {
            String replyTo = request();
            assertThat(replyTo).startsWith("amq.rabbitmq.reply-to.");

            server.bytes(RawClient.publish(1, "", replyTo, true, RawClient.noProperties(), "pong")).nothing();

            RawClient.Received reply = client.delivery();
            assertThat(reply.text()).isEqualTo("pong");
            assertThat(reply.method()).isEqualTo(new BasicMethod.Deliver("replies", 1, false, "", replyTo));
        }

        @Test
        void whenTheRequesterHasGone_thenAMandatoryReplyIsReturned() {
            String replyTo = request();
            client.disconnect();

            server.bytes(RawClient.publish(1, "", replyTo, true, RawClient.noProperties(), "pong"));

            server.next(BasicMethod.Return.class);
        }

        @Test
        void whenItIsCancelled_thenRepliesAreReturned() {
            String replyTo = request();
            client.method(1, new BasicMethod.Cancel("replies", false)).next(BasicMethod.CancelOk.class);

            server.bytes(RawClient.publish(1, "", replyTo, true, RawClient.noProperties(), "pong"));

            server.next(BasicMethod.Return.class);
        }

        @Test
        void whenAnotherBeginsOnTheChannel_thenItIsRefused() {
            client.method(1,
                    new BasicMethod.Consume("amq.rabbitmq.reply-to", "more", false, true, false, false, Map.of()));

            assertThat(client.next(ChannelMethod.Close.class).replyText())
                    .isEqualTo("PRECONDITION_FAILED - reply consumer already set");
        }
    }

    @Test
    void aConsumerThatBeginsAfterItsConnectionIsLostIsCancelled() {
        client.bytesWithoutSettling(io.relais.amqp.codec.Samples.frame(1,
                new BasicMethod.Consume("q", "late", false, false, false, false, Map.of())));

        client.socket().close();
        client.settle();

        assertThat(world.broker.queue("q").consumerCount()).isZero();
    }

    @Test
    void aPurgeCountsWhatIsReady() {
        publish(3);
        client.method(1, new QueueMethod.Purge("q", false));

        assertThat(client.next(QueueMethod.PurgeOk.class).messageCount()).isEqualTo(3);
    }
}
