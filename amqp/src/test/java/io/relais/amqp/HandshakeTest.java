// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.relais.amqp.codec.BasicMethod;
import io.relais.amqp.codec.ChannelMethod;
import io.relais.amqp.codec.ConnectionMethod;
import io.relais.amqp.codec.Frame;
import io.relais.amqp.codec.ProtocolHeader;
import io.relais.amqp.codec.QueueMethod;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeTest {
    private final World world = new World();

    @AfterEach
    void end() {
        world.end();
    }

    @Nested
    class GivenAClientThatHasConnected {
        private final RawClient client = world.connect();

        @Test
        void whenItGreets_thenTheServerStartsWithRabbitMqsCapabilitiesAndMechanisms() {
            ConnectionMethod.Start start = client.greet().next(ConnectionMethod.Start.class);

            assertThat(start.versionMajor()).isZero();
            assertThat(start.versionMinor()).isEqualTo(9);
            assertThat(start.mechanisms()).isEqualTo("PLAIN AMQPLAIN");
            assertThat(start.locales()).isEqualTo("en_US");
            assertThat(start.serverProperties()).containsEntry("product", "Relais").containsKeys("version", "platform",
                    "cluster_name", "information");
            assertThat(String.valueOf(start.serverProperties().get("version"))).matches("\\d+\\.\\d+.*");
            assertThat(start.serverProperties()).extractingByKey("capabilities")
                    .isEqualTo(Map.of("publisher_confirms", true,
                            "exchange_exchange_bindings", true, "basic.nack", true, "consumer_cancel_notify", true,
                            "connection.blocked", true, "consumer_priorities", true, "authentication_failure_close",
                            true,
                            "per_consumer_qos", true, "direct_reply_to", true));
        }

        @Test
        void whenItGreetsByteByByte_thenItIsUnderstood() {
            for (int i = 0; i < ProtocolHeader.BYTES; i++) {
                client.nothing();
                client.bytes(ProtocolHeader.buffer().slice(i, 1));
            }

            client.next(ConnectionMethod.Start.class);
        }

        @Test
        void whenItGreetsInVersion09_thenThatIsTakenForOurs() {
            client.bytes(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("414d515001010009")));

            client.next(ConnectionMethod.Start.class);
        }

        @ParameterizedTest
        @CsvSource({"414d515000010000", "474554202f204854", "414d515001010800"})
        void whenItGreetsInAnotherProtocol_thenItIsToldOursAndTheSocketIsClosed(String greeting) {
            client.bytes(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(greeting)));

            assertThat(ByteBufUtil.hexDump(client.rawBytes())).isEqualTo("414d515000000901");
            assertThat(client.isConnected()).isFalse();
        }

        @Test
        void whenItStaysSilent_thenTheSocketIsClosedAfterTheTimeout() {
            world.time.advance(9_999);
            assertThat(client.isConnected()).isTrue();

            world.time.advance(1);
            assertThat(client.isConnected()).isFalse();
        }

        @Test
        void whenItSendsMoreThanAHandshakeTakes_thenTheSocketIsClosed() {
            client.greet().next(ConnectionMethod.Start.class);
            int sentBytes = 0;
            while (client.isConnected()) {
                client.frame(Frame.HEARTBEAT, 0, Unpooled.EMPTY_BUFFER);
                sentBytes += Frame.OVERHEAD_BYTES;
            }

            assertThat(sentBytes).isBetween(ConnectionHandler.HANDSHAKE_MAX_BYTES,
                    ConnectionHandler.HANDSHAKE_MAX_BYTES + 100);
        }
    }

    @Nested
    class GivenAClientThatLogsIn {
        private final RawClient client = world.connect().greet();

        GivenAClientThatLogsIn() {
            client.next(ConnectionMethod.Start.class);
        }

        @Test
        void whenPlainIsRight_thenItIsTuned() {
            client.startOk("PLAIN", "\0guest\0guest", Map.of());

            assertThat(client.next(ConnectionMethod.Tune.class))
                    .isEqualTo(new ConnectionMethod.Tune(2047, 131_072, 60));
        }

        @Test
        void whenAmqplainIsRight_thenItIsTuned() {
            client.startOk("AMQPLAIN", "\5LOGINS\0\0\0\5guest\10PASSWORDS\0\0\0\5guest", Map.of());

            client.next(ConnectionMethod.Tune.class);
        }

        @Test
        void whenTheAnswerComesLater_thenFramesWaitForIt() {
            client.bytesWithoutSettling(io.relais.amqp.codec.Samples.frame(0,
                    new ConnectionMethod.StartOk(Map.of(), "PLAIN",
                            new byte[]{0, 'g', 'u', 'e', 's', 't', 0, 'g', 'u', 'e', 's', 't'}, "")));
            client.bytesWithoutSettling(io.relais.amqp.codec.Samples.frame(0, new ConnectionMethod.TuneOk(0, 0, 0)));
            client.bytesWithoutSettling(io.relais.amqp.codec.Samples.frame(0, new ConnectionMethod.Open("/")));

            client.next(ConnectionMethod.Tune.class);
            client.next(ConnectionMethod.OpenOk.class);
        }

        @ParameterizedTest
        @CsvSource({"PLAIN,'\0guest\0wrong'", "PLAIN,guest", "EXTERNAL,''", "AMQPLAIN,nonsense"})
        void whenItIsWrongAndTheClientKnowsOfIt_thenItIsTold(String mechanism, String response) {
            client.startOk(mechanism, response.replace("\\0", "\0"), RawClient.CAPABILITIES);

            assertThat(client.next(ConnectionMethod.Close.class)).isEqualTo(new ConnectionMethod.Close(403,
                    "ACCESS_REFUSED - Login was refused using authentication mechanism " + mechanism
                            + ". For details see the broker logfile.",
                    0, 0));
        }

        @Test
        void whenItIsWrongAndTheClientDoesNotKnowOfIt_thenTheSocketIsClosed() {
            client.startOk("PLAIN", "\0guest\0wrong", Map.of());

            assertThat(client.isConnected()).isFalse();
            assertThat(client.all()).isEmpty();
        }

        @Test
        void whenItOpensAChannelFirst_thenThatIsAChannelError() {
            client.method(1, new ChannelMethod.Open());

            assertThat(client.next(ConnectionMethod.Close.class))
                    .isEqualTo(new ConnectionMethod.Close(504,
                            "CHANNEL_ERROR - unexpected method in connection state starting", 20, 10));
        }
    }

    @Nested
    class GivenAClientThatIsTuned {
        private final RawClient client = world.connect().greet();

        GivenAClientThatIsTuned() {
            client.next(ConnectionMethod.Start.class);
            client.startOk("PLAIN", "\0guest\0guest", RawClient.CAPABILITIES).next(ConnectionMethod.Tune.class);
        }

        @ParameterizedTest
        @CsvSource({"2047,4095,frame_max = 4095 is lower than the minimum allowed value (4096)",
                "2047,200000,frame_max = 200000 is higher than the maximum allowed value (131072)",
                "5000,131072,channel_max = 5000 is higher than the maximum allowed value (2047)"})
        void whenItGoesBeyondTheOffer_thenThatIsNotAllowed(int channelMax, long frameMax, String text) {
            client.method(0, new ConnectionMethod.TuneOk(channelMax, frameMax, 0));

            assertThat(client.next(ConnectionMethod.Close.class))
                    .isEqualTo(new ConnectionMethod.Close(530, "NOT_ALLOWED - negotiated " + text, 10, 31));
        }

        @Test
        void whenItSetsNoLimits_thenOursCount() {
            client.method(0, new ConnectionMethod.TuneOk(0, 0, 0));
            client.method(0, new ConnectionMethod.Open("/")).next(ConnectionMethod.OpenOk.class);

            assertThat(world.connections()).singleElement().returns(131_072, ConnectionSummary::frameMaxBytes)
                    .returns(0, ConnectionSummary::heartbeatSeconds);
        }

        @Test
        void whenItOpensAVirtualHostThatIsNotThere_thenThatIsNotAllowed() {
            client.method(0, new ConnectionMethod.TuneOk(0, 0, 0));
            client.method(0, new ConnectionMethod.Open("nope"));

            assertThat(client.next(ConnectionMethod.Close.class))
                    .isEqualTo(new ConnectionMethod.Close(530, "NOT_ALLOWED - vhost nope not found", 10, 40));
        }
    }

    @Nested
    class GivenAnOpenConnection {
        private final RawClient client = world.client().channel(1);

        GivenAnOpenConnection() {
            client.method(1, new QueueMethod.Declare("mine", false, false, true, false, false, Map.of()))
                    .next(QueueMethod.DeclareOk.class);
        }

        @Test
        void whenItIsListed_thenItSaysWhoAndWhere() {
            assertThat(world.connections()).singleElement().returns("guest", ConnectionSummary::user)
                    .returns("/", ConnectionSummary::vhost).returns("running", ConnectionSummary::state)
                    .returns(RawClient.CAPABILITIES, ConnectionSummary::clientProperties)
                    .returns(1, ConnectionSummary::channelCount);
        }

        @Test
        void whenTheClientClosesIt_thenItIsAnsweredAndTheSessionEnds() {
            client.method(0, new ConnectionMethod.Close(200, "bye", 0, 0));

            client.next(ConnectionMethod.CloseOk.class);
            assertThat(client.isConnected()).isFalse();
            assertThat(world.broker.hasQueue("mine")).isFalse();
            assertThat(world.connections()).isEmpty();
        }

        @Test
        void whenTheSocketIsLost_thenTheSessionEnds() {
            client.disconnect();

            assertThat(world.broker.hasQueue("mine")).isFalse();
            assertThat(world.connections()).isEmpty();
        }

        @Test
        void whenTheServerShutsDown_thenTheClientIsToldWith320() {
            var closed = world.closeAll("broker forced connection closure with reason 'shutdown'")
                    .toCompletableFuture();

            assertThat(client.next(ConnectionMethod.Close.class)).isEqualTo(new ConnectionMethod.Close(320,
                    "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'", 0, 0));
            assertThat(closed).isNotDone();
            client.method(0, new ConnectionMethod.CloseOk());
            assertThat(client.isConnected()).isFalse();
            assertThat(closed).isDone();
        }

        @Test
        void whenTheClientDoesNotAnswerAClose_thenTheSocketIsClosedAfterTenSeconds() {
            String name = world.connections().getFirst().name();
            assertThat(world.lastFrontEnd().close(name, "closed by the operator")).isTrue();
            client.next(ConnectionMethod.Close.class);

            world.time.advance(10_000);

            assertThat(client.isConnected()).isFalse();
        }

        @Test
        void whenTheSecretIsUpdated_thenTheBrokerChecksIt() {
            client.method(0, new ConnectionMethod.UpdateSecret("guest".getBytes(StandardCharsets.UTF_8), "renewed"))
                    .next(ConnectionMethod.UpdateSecretOk.class);
            client.method(0, new ConnectionMethod.UpdateSecret("wrong".getBytes(StandardCharsets.UTF_8), "renewed"));

            assertThat(client.next(ConnectionMethod.Close.class).replyCode()).isEqualTo(530);
        }

        @Test
        void whenBothSidesAreSilent_thenTheServerSendsHeartbeatsAtHalfTheIntervalAndGivesUpAfterTwoMissed() {
            world.time.advance(30_000);
            client.heartbeats();
            world.time.advance(60_000);
            assertThat(client.heartbeats()).isEqualTo(2);
            assertThat(client.isConnected()).isTrue();

            world.time.advance(60_000);
            assertThat(client.isConnected()).isFalse();
        }

        @Test
        void whenTheClientSendsHeartbeats_thenTheConnectionStays() {
            for (int i = 0; i < 10; i++) {
                world.time.advance(60_000);
                client.frame(Frame.HEARTBEAT, 0, Unpooled.EMPTY_BUFFER);
            }

            assertThat(client.isConnected()).isTrue();
        }

        @ParameterizedTest
        @CsvSource({"9,1,FRAME_ERROR - type 9: unknown frame,501", "8,1,UNEXPECTED_FRAME - type 8 on channel 1,505",
                "2,0,UNEXPECTED_FRAME - type 2 on channel 0,505"})
        void whenAFrameIsOutOfPlace_thenTheConnectionIsClosed(int type, int channel, String text, int code) {
            client.frame(type, channel, Unpooled.EMPTY_BUFFER);

            assertThat(client.next(ConnectionMethod.Close.class))
                    .isEqualTo(new ConnectionMethod.Close(code, text, 0, 0));
        }

        @Test
        void whenAFrameIsTooLarge_thenTheConnectionIsClosedWith501() {
            client.bytes(Unpooled.buffer().writeByte(3).writeShort(1).writeInt(200_000));

            assertThat(client.next(ConnectionMethod.Close.class).replyCode()).isEqualTo(501);
        }

        @Test
        void whenAMethodOfAChannelComesOnChannelZero_thenThatIsAChannelError() {
            client.method(0, new BasicMethod.Ack(1, false));

            assertThat(client.next(ConnectionMethod.Close.class)).isEqualTo(new ConnectionMethod.Close(504,
                    "CHANNEL_ERROR - unexpected method in connection state running", 60, 80));
        }

        @Test
        void whenAChannelNumberIsBeyondTheLimit_thenThatIsNotAllowed() {
            client.method(2048, new ChannelMethod.Open());

            assertThat(client.next(ConnectionMethod.Close.class).replyCode()).isEqualTo(530);
        }
    }
}
