// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.amqp.codec.BasicMethod;
import io.relais.amqp.codec.ChannelMethod;
import io.relais.amqp.codec.ConnectionMethod;
import io.relais.amqp.codec.Frame;
import io.relais.amqp.codec.Method;
import io.relais.amqp.codec.Samples;
import io.relais.amqp.codec.Seeds;
import io.relais.broker.SimulatedBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishTest {
    private final World world = new World();
    private final RawClient client = world.client().channel(1).declare("q");

    @AfterEach
    void end() {
        world.end();
    }

    static LongStream seeds() {
        return Seeds.fresh(50);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anySplitOfAnyFramesGivesTheSameMessages(long seed) {
        Random random = new Random(seed);
        ByteBuf wire = Unpooled.buffer();
        String[] bodies = new String[20];
        for (int i = 0; i < bodies.length; i++) {
            bodies[i] = i + "-" + "x".repeat(random.nextInt(3) * random.nextInt(500));
            wire.writeBytes(publishInFrames(random, bodies[i]));
        }

        while (wire.isReadable()) {
            client.bytesWithoutSettling(wire.readSlice(Math.min(wire.readableBytes(), 1 + random.nextInt(400))));
        }

        client.consume("q", "c", true);
        for (String body : bodies) {
            assertThat(client.delivery().text()).isEqualTo(body);
        }
        client.nothing();
    }

    private static ByteBuf publishInFrames(Random random, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        ByteBuf out = Unpooled.buffer();
        out.writeBytes(Samples.frame(1, new BasicMethod.Publish("", "q", false, false)));
        out.writeBytes(Samples.frame(Frame.HEADER, 1, RawClient.header(bytes.length, RawClient.noProperties())));
        ByteBuf rest = Unpooled.wrappedBuffer(bytes);
        while (rest.isReadable()) {
            out.writeBytes(Samples.frame(Frame.BODY, 1, rest.readSlice(1 + random.nextInt(rest.readableBytes()))));
        }
        return out;
    }

    @Test
    void framesThatNeverEndWhereAReadEndsTakeNoMoreMemoryThanAFewReads() {
        ByteBuf publish = RawClient.publish(1, "", "nowhere", false, RawClient.noProperties(), "x".repeat(1000));
        ByteBuf all = Unpooled.wrappedBuffer(publish.copy(), publish.copy());
        ConnectionHandler handler = client.socket().pipeline().get(ConnectionHandler.class);

        client.bytesWithoutSettling(all.slice(0, 500));
        for (int i = 0; i < 2000; i++) {
            client.bytesWithoutSettling(all.slice(500, publish.readableBytes()));
        }

        assertThat(handler.waitingCapacity()).isBetween(500, 20_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 131_064, 131_065, 300_000, SimulatedBroker.MAX_MESSAGE_BYTES})
    void bodiesOfAnySizeUpToTheLimitArrive(int size) {
        String body = "b".repeat(size);
        client.method(1, new BasicMethod.Publish("", "q", false, false));
        client.frame(Frame.HEADER, 1, RawClient.header(size, RawClient.persistent()));
        for (int from = 0; from < size; from += 131_064) {
            client.frame(Frame.BODY, 1, Unpooled.copiedBuffer(body.substring(from, Math.min(size, from + 131_064)),
                    StandardCharsets.UTF_8));
        }

        client.consume("q", "c", true);
        RawClient.Received delivery = client.delivery();
        assertThat(delivery.text()).isEqualTo(body);
        assertThat(delivery.properties()).containsExactly(0x10, 0, 2);
    }

    @Test
    void aBodyAboveTheLimitClosesTheChannelBeforeItArrives() {
        client.method(1, new BasicMethod.Publish("", "q", false, false));
        client.frame(Frame.HEADER, 1,
                RawClient.header(SimulatedBroker.MAX_MESSAGE_BYTES + 1L, RawClient.noProperties()));

        assertThat(client.next(ChannelMethod.Close.class)).isEqualTo(new ChannelMethod.Close(406,
                "PRECONDITION_FAILED - message size 1048577 is larger than configured max size 1048576", 60, 40));
        client.frame(Frame.BODY, 1, Unpooled.buffer().writeZero(1000)).nothing();
    }

    @Test
    void aBodyOfAnUnbelievableSizeClosesTheChannel() {
        client.method(1, new BasicMethod.Publish("", "q", false, false));
        client.frame(Frame.HEADER, 1, RawClient.header(-1, RawClient.noProperties()));

        assertThat(client.next(ChannelMethod.Close.class).replyText())
                .isEqualTo(
                        "PRECONDITION_FAILED - message size 18446744073709551615 is larger than configured max size 1048576");
    }

    @Test
    void channelsMayInterleaveTheirContents() {
        client.channel(2);
        client.method(1, new BasicMethod.Publish("", "q", false, false));
        client.method(2, new BasicMethod.Publish("", "q", false, false));
        client.frame(Frame.HEADER, 1, RawClient.header(1, RawClient.persistent()));
        client.frame(Frame.HEADER, 2, RawClient.header(1, RawClient.noProperties()));
        client.frame(Frame.BODY, 2, Unpooled.buffer().writeByte('2'));
        client.frame(Frame.BODY, 1, Unpooled.buffer().writeByte('1'));

        client.consume("q", "c", true);
        assertThat(client.delivery().text()).isEqualTo("2");
        RawClient.Received second = client.delivery();
        assertThat(second.text()).isEqualTo("1");
        assertThat(second.properties()).containsExactly(0x10, 0, 2);
    }

    @Test
    void theRoutingKeyIsReadAnewWhenItChanges() {
        client.declare("q2");
        client.publish("q", "a").publish("q2", "b").publish("q2", "c").publish("q", "d");

        client.consume("q", "c", true);
        assertThat(client.delivery().text()).isEqualTo("a");
        RawClient.Received last = client.delivery();
        assertThat(last.text()).isEqualTo("d");
        assertThat(last.method()).isEqualTo(new BasicMethod.Deliver("c", 2, false, "", "q"));
        assertThat(world.broker.queue("q2").messageCount()).isEqualTo(2);
    }

    @Nested
    class GivenNoQueueIsBound {

        @Test
        void whenTheMessageIsMandatory_thenItIsReturnedWithItsContent() {
            client.bytes(RawClient.publish(1, "", "nowhere", true, RawClient.persistent(), "back"));

            RawClient.Received returned = client.next();
            assertThat(returned.method()).isEqualTo(new BasicMethod.Return(312, "NO_ROUTE", "", "nowhere"));
            assertThat(returned.text()).isEqualTo("back");
            assertThat(returned.properties()).containsExactly(0x10, 0, 2);
        }

        @Test
        void whenConfirmsAreOn_thenItIsReturnedBeforeItIsConfirmed() {
            client.confirms();
            client.bytes(RawClient.publish(1, "", "nowhere", true, RawClient.persistent(), "back"));

            client.next(BasicMethod.Return.class);
            assertThat(client.next(BasicMethod.Ack.class)).isEqualTo(new BasicMethod.Ack(1, false));
        }

        @Test
        void whenTheMessageIsNotMandatory_thenItIsDropped() {
            client.publish("nowhere", "gone").nothing();
        }
    }

    @Test
    void anExchangeThatIsNotThereClosesTheChannel() {
        client.bytes(RawClient.publish(1, "noex", "q", false, RawClient.noProperties(), "x"));

        assertThat(client.next(ChannelMethod.Close.class))
                .isEqualTo(new ChannelMethod.Close(404, "NOT_FOUND - no exchange 'noex' in vhost '/'", 60, 40));
    }

    /** Property flags, the property's bytes, and RabbitMQ's answer. */
    @ParameterizedTest
    @CsvSource({"0010,036a6f65,user_id property set to 'joe' but authenticated user was 'guest'",
            "0100,03616263,invalid expiration 'abc': no_integer",
            "1000,03,'invalid message: {delivery_mode_unknown,3}'",
            "0200,15616d712e7261626269746d712e7265706c792d746f,fast reply consumer does not exist"})
    void propertiesThatCannotBe(String flags, String bytes, String text) {
        ByteBuf properties = Unpooled.wrappedBuffer(io.netty.buffer.ByteBufUtil.decodeHexDump(flags + bytes));
        client.bytes(RawClient.publish(1, "", "q", false, properties, "x"));

        assertThat(client.next(ChannelMethod.Close.class))
                .isEqualTo(new ChannelMethod.Close(406, "PRECONDITION_FAILED - " + text, 60, 40));
    }

    @Test
    void theOwnUserIdIsAllowed() {
        ByteBuf properties = Unpooled.buffer().writeShort(0x10).writeByte(5)
                .writeBytes(new byte[]{'g', 'u', 'e', 's', 't'});
        client.bytes(RawClient.publish(1, "", "q", false, properties, "x")).nothing();

        assertThat(world.broker.queue("q").messageCount()).isEqualTo(1);
    }

    @Nested
    class GivenAnAlarm {

        GivenAnAlarm() {
            world.broker.block("low on disk");
        }

        @Test
        void whenAConnectionPublishes_thenItIsToldAndNotRead() {
            client.publish("q", "waits");

            assertThat(client.next(ConnectionMethod.Blocked.class).reason()).isEqualTo("low on disk");
            assertThat(client.isRead()).isFalse();
            assertThat(world.broker.queue("q").messageCount()).isZero();
            assertThat(world.connections()).singleElement().returns("blocked", ConnectionSummary::state);
        }

        @Test
        void whenAConnectionConsumesOnly_thenItIsServed() {
            client.consume("q", "c", true);

            assertThat(client.isRead()).isTrue();
        }

        @Test
        void whenItIsOver_thenTheConnectionIsToldAndWhatWaitedArrives() {
            client.publish("q", "waits").next(ConnectionMethod.Blocked.class);

            world.broker.block(null);

            client.next(ConnectionMethod.Unblocked.class);
            assertThat(client.isRead()).isTrue();
            assertThat(world.broker.queue("q").messageCount()).isEqualTo(1);
        }

        @Test
        void whenTheClientDoesNotKnowOfIt_thenItIsStoppedWithoutAWord() {
            RawClient other = world.connect().handshake(Map.of(), 131_072, 60).channel(1);
            other.publish("q", "waits").nothing();

            assertThat(other.isRead()).isFalse();
        }

        @Test
        void whenTheBlockedClientIsSilent_thenItIsNotGivenUp() {
            client.publish("q", "waits");

            world.time.advance(600_000);

            assertThat(client.isConnected()).isTrue();
        }
    }

    @Nested
    class GivenTooMuchIsOnItsWayToTheDisk {

        GivenTooMuchIsOnItsWayToTheDisk() {
            world.broker.stallJournal();
            String body = "x".repeat(100_000);
            while (client.isRead()) {
                client.publishPersistent("q", body);
            }
        }

        @Test
        void whenMoreIsPublished_thenItWaits() {
            long before = world.broker.queue("q").messageCount();
            assertThat(before).isLessThanOrEqualTo(SimulatedBroker.IN_FLIGHT_BYTES / 100_000 + 2);

            client.publishPersistent("q", "waits");

            assertThat(world.broker.queue("q").messageCount()).isEqualTo(before);
        }

        @Test
        void whenTheDiskHasCaughtUp_thenTheConnectionIsReadAgainAndNothingIsLost() {
            client.publishPersistent("q", "waits");
            long before = world.broker.queue("q").messageCount();

            world.broker.resumeJournal();
            client.settle();

            assertThat(client.isRead()).isTrue();
            assertThat(world.broker.queue("q").messageCount()).isEqualTo(before + 1);
        }

        @Test
        void whenAnotherConnectionDoesNotPublish_thenItIsServed() {
            RawClient other = world.client().channel(1).consume("q", "c", true);

            other.delivery();
            assertThat(other.isRead()).isTrue();
        }
    }

    @Nested
    class GivenConfirms {

        GivenConfirms() {
            client.confirms();
        }

        @Test
        void whenAPersistentMessageIsPublished_thenItIsConfirmedAfterTheDiskHasIt() {
            client.publishPersistent("q", "x");

            assertThat(client.next(BasicMethod.Ack.class)).isEqualTo(new BasicMethod.Ack(1, false));
        }

        @Test
        void whileTheDiskDoesNotHaveIt_thenItIsNotConfirmed() {
            world.broker.stallJournal();
            client.publishPersistent("q", "x").nothing();

            world.broker.resumeJournal();

            client.next(BasicMethod.Ack.class);
        }

        @Test
        void whenManyArePublishedInOneRound_thenOneAcknowledgementCoversThem() {
            ByteBuf wire = Unpooled.buffer();
            for (int i = 0; i < 100; i++) {
                wire.writeBytes(RawClient.publish(1, "", "q", false, RawClient.persistent(), "x"));
            }
            client.bytes(wire);

            assertThat(client.all()).containsExactly((Method) new BasicMethod.Ack(100, true));
        }

        @Test
        void whenAFullQueueRejects_thenItIsNegativelyAcknowledged() {
            client.declare("full", SimulatedBroker.rejectingAbove(1));
            client.publish("full", "1").publish("full", "2").publish("q", "3");

            assertThat(client.all()).containsExactly(new BasicMethod.Ack(1, false),
                    new BasicMethod.Nack(2, false, false),
                    new BasicMethod.Ack(3, false));
        }
    }
}
