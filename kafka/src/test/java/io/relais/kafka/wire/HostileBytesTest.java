// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.relais.broker.runtime.Simulation;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes come: requests, or the end of the connection, and every buffer given back. */
class HostileBytesTest {
    private static final int MAX_BYTES = 1 << 20;

    private final Simulation simulation = new Simulation(1);
    private final ApiTable apis = new ApiTable();
    private final List<Request> handled = new ArrayList<>();

    {
        for (ApiKeys key : List.of(ApiKeys.PRODUCE, ApiKeys.FETCH, ApiKeys.METADATA, ApiKeys.CREATE_TOPICS,
                ApiKeys.OFFSET_COMMIT, ApiKeys.JOIN_GROUP)) {
            apis.on(key, request -> {
                handled.add(request);
                request.noResponse();
            });
        }
        apis.on(ApiKeys.API_VERSIONS, request -> {
            handled.add(request);
            request.respond(new ApiVersionsResponseData());
        });
    }

    static Stream<Long> seeds() {
        String given = System.getProperty("seed");
        return given != null ? Stream.of(Long.valueOf(given)) : new Random().longs(40).boxed();
    }

    private EmbeddedChannel connect() {
        return new EmbeddedChannel(new Connection(apis, simulation, new Everyone(), MAX_BYTES));
    }

    private static ByteBuf frame(ApiKeys key, int version, ApiMessage message) {
        RequestHeaderData header = new RequestHeaderData().setRequestApiKey(key.id).setClientId("test")
                .setRequestApiVersion((short) version);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, key.requestHeaderVersion((short) version)).buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(message, (short) version).buffer();
        return Unpooled.buffer().writeInt(head.remaining() + body.remaining()).writeBytes(head).writeBytes(body);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomBytesNeverLeaveThePipelineAsAnException(long seed) {
        Random random = new Random(seed);
        List<ApiKeys> keys = List.copyOf(apis.keys());
        for (int i = 0; i < 50; i++) {
            EmbeddedChannel channel = connect();
            ApiKeys key = keys.get(random.nextInt(keys.size()));
            short version = (short) (key.oldestVersion()
                    + random.nextInt(key.latestVersion() - key.oldestVersion() + 1));
            ByteBuf bytes = frame(key, version, key.messageType.newRequest());
            for (int flips = random.nextInt(6); flips > 0; flips--) {
                bytes.setByte(random.nextInt(random.nextInt(4) == 0 ? 4 : bytes.writerIndex()), random.nextInt(256));
            }
            byte[] junk = new byte[random.nextInt(200)];
            random.nextBytes(junk);
            bytes.writeBytes(junk);
            List<ByteBuf> parts = new ArrayList<>();
            while (bytes.isReadable()) {
                parts.add(Unpooled.copiedBuffer(bytes.readBytes(1 + random.nextInt(bytes.readableBytes()))));
            }
            for (ByteBuf part : parts) {
                if (channel.isActive()) {
                    channel.writeInbound(part);
                } else {
                    part.release();
                }
                simulation.settle();
            }
            channel.checkException();
            channel.finishAndReleaseAll();
            simulation.settle();
            assertThat(parts).as("seed %d", seed).allMatch(part -> part.refCnt() == 0);
        }
    }

    @Test
    void aLyingLengthCostsNoMemory() {
        EmbeddedChannel channel = connect();
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
        channel.config().setAllocator(allocator);

        channel.writeInbound(Unpooled.buffer().writeInt(MAX_BYTES).writeBytes(new byte[10]));
        assertThat(allocator.metric().usedDirectMemory()).isLessThanOrEqualTo(64 << 10);
        channel.writeInbound(Unpooled.buffer().writeBytes(new byte[10]));
        assertThat(channel.isActive()).isTrue();

        channel.finishAndReleaseAll();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void aLengthThatCannotBeEndsTheConnection() {
        for (int length : new int[]{-1, Integer.MIN_VALUE, MAX_BYTES + 1, Integer.MAX_VALUE}) {
            EmbeddedChannel channel = connect();
            channel.writeInbound(Unpooled.buffer().writeInt(length));
            assertThat(channel.isActive()).isFalse();
        }
    }

    @Test
    void onlyRecordsMakeLongRequests() {
        int size = FrameDecoder.OTHER_MAX_BYTES + 1;
        for (ApiKeys key : List.of(ApiKeys.PRODUCE, ApiKeys.FETCH)) {
            EmbeddedChannel channel = new EmbeddedChannel(
                    new Connection(apis, simulation, new Everyone(), 2 * FrameDecoder.OTHER_MAX_BYTES));
            channel.writeInbound(Unpooled.buffer().writeInt(size).writeShort(key.id));
            assertThat(channel.isActive()).as("%s", key).isEqualTo(key == ApiKeys.PRODUCE);
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void requestsThatComeInPiecesAreHandledInOrder() {
        EmbeddedChannel channel = connect();
        ByteBuf all = Unpooled.buffer();
        for (int version = 0; version <= 4; version++) {
            all.writeBytes(frame(ApiKeys.API_VERSIONS, version, ApiKeys.API_VERSIONS.messageType.newRequest()));
        }
        while (all.isReadable()) {
            channel.writeInbound(Unpooled.copiedBuffer(all.readBytes(Math.min(7, all.readableBytes()))));
        }

        assertThat(handled).extracting(Request::version).containsExactly((short) 0, (short) 1, (short) 2, (short) 3,
                (short) 4);
        simulation.settle();
        channel.finishAndReleaseAll();
    }

    @Test
    void unknownKeysAndVersionsEndTheConnectionButNewerClientsHearTheVersions() {
        EmbeddedChannel unknown = connect();
        unknown.writeInbound(frame(ApiKeys.HEARTBEAT, 0, ApiKeys.HEARTBEAT.messageType.newRequest()));
        assertThat(unknown.isActive()).isFalse();

        EmbeddedChannel newer = connect();
        ByteBuf request = frame(ApiKeys.API_VERSIONS, 4, ApiKeys.API_VERSIONS.messageType.newRequest());
        newer.writeInbound(request.setShort(6, 99));
        simulation.settle();

        ByteBuf answer = newer.readOutbound();
        assertThat(newer.isActive()).isTrue();
        assertThat(answer.getShort(8)).isEqualTo((short) 35);
        answer.release();
        newer.finishAndReleaseAll();
    }

    @Test
    void aClientThatAsksWithoutEndIsNotReadUntilItIsAnswered() {
        List<Request> open = new ArrayList<>();
        ApiTable patient = new ApiTable().on(ApiKeys.API_VERSIONS, open::add);
        EmbeddedChannel channel = new EmbeddedChannel(new Connection(patient, simulation, new Everyone(), MAX_BYTES));
        for (int i = 0; i < 100; i++) {
            channel.writeInbound(frame(ApiKeys.API_VERSIONS, 0, ApiKeys.API_VERSIONS.messageType.newRequest()));
        }
        assertThat(channel.config().isAutoRead()).isFalse();

        open.forEach(Request::noResponse);

        assertThat(channel.config().isAutoRead()).isTrue();
        channel.finishAndReleaseAll();
    }

    @Test
    void aClientOverItsQuotaIsToldAndNotReadForThatTime() {
        EmbeddedChannel channel = new EmbeddedChannel(new Connection(apis, simulation, new Everyone() {
            @Override
            public Quotas quotas() {
                return (request, bytes) -> 300;
            }
        }, MAX_BYTES));
        channel.writeInbound(frame(ApiKeys.API_VERSIONS, 4, ApiKeys.API_VERSIONS.messageType.newRequest()));
        assertThat(channel.config().isAutoRead()).isFalse();

        simulation.advance(300);

        assertThat(channel.config().isAutoRead()).isTrue();
        channel.finishAndReleaseAll();
    }

    private static class Everyone implements ConnectionListener {
        @Override
        public void opened(Connection connection) {
            // nothing to note
        }

        @Override
        public void closed(Connection connection) {
            // nothing to note
        }

        @Override
        public boolean admits(Request request) {
            return true;
        }
    }
}
