// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import io.relais.broker.runtime.Simulation;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/** A client that speaks bytes to a connection, and knows which answers have come. */
final class TestClient {
    private final EmbeddedChannel channel;
    private final Simulation simulation;
    private final Map<Integer, Sent> sent = new HashMap<>();
    private final Map<Integer, ApiMessage> answers = new HashMap<>();
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private int correlation;

    private record Sent(ApiKeys key, short version) {}

    TestClient(EmbeddedChannel channel, Simulation simulation) {
        this.channel = channel;
        this.simulation = simulation;
    }

    EmbeddedChannel channel() {
        return channel;
    }

    boolean isOpen() {
        return channel.isActive();
    }

    void close() {
        channel.close();
        simulation.settle();
    }

    /** Sends a request. @return its number */
    int send(ApiKeys key, int version, ApiMessage message) {
        correlation++;
        sent.put(correlation, new Sent(key, (short) version));
        RequestHeaderData header = new RequestHeaderData().setRequestApiKey(key.id).setClientId("test")
                .setRequestApiVersion((short) version).setCorrelationId(correlation);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, key.requestHeaderVersion((short) version)).buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(message, (short) version).buffer();
        ByteBuf frame = Unpooled.directBuffer();
        frame.writeInt(head.remaining() + body.remaining()).writeBytes(head).writeBytes(body);
        channel.writeInbound(frame);
        return correlation;
    }

    /** The answer to a request that has come by now; null where none has. */
    <T extends ApiMessage> @Nullable T answer(int request, Class<T> type) {
        simulation.settle();
        receive();
        ApiMessage answer = answers.remove(request);
        return answer == null ? null : type.cast(answer);
    }

    <T extends ApiMessage> T call(ApiKeys key, int version, ApiMessage message, Class<T> type) {
        int request = send(key, version, message);
        return Objects.requireNonNull(answer(request, type), "no answer to " + key);
    }

    private void receive() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(unread.array(), unread.position(), unread.remaining());
        for (Object part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            collect(part, bytes);
            ReferenceCountUtil.release(part);
        }
        unread = ByteBuffer.wrap(bytes.toByteArray());
        while (unread.remaining() >= 4 && unread.remaining() >= 4 + unread.getInt(unread.position())) {
            int length = unread.getInt();
            ByteBuffer frame = unread.slice(unread.position(), length);
            unread.position(unread.position() + length);
            Sent request = Objects.requireNonNull(sent.remove(frame.getInt(0)), "an answer nobody waits for");
            ByteBufferAccessor in = new ByteBufferAccessor(frame);
            int number = new ResponseHeaderData(in, request.key().responseHeaderVersion(request.version()))
                    .correlationId();
            ApiMessage message = request.key().messageType.newResponse();
            message.read(in, request.version());
            answers.put(number, message);
        }
    }

    private static void collect(Object part, ByteArrayOutputStream bytes) {
        try {
            if (part instanceof FileRegion region) {
                while (region.transferred() < region.count()) {
                    region.transferTo(Channels.newChannel(bytes), region.transferred());
                }
            } else {
                ByteBuf buffer = (ByteBuf) part;
                buffer.getBytes(buffer.readerIndex(), bytes, buffer.readableBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ProduceRequestData production(String topic, int partition, @Nullable MemoryRecords records, int acks) {
        ProduceRequestData data = new ProduceRequestData().setAcks((short) acks).setTimeoutMs(30_000)
                .setTransactionalId("t");
        data.topicData().add(new ProduceRequestData.TopicProduceData().setName(topic).setPartitionData(
                List.of(new ProduceRequestData.PartitionProduceData().setIndex(partition).setRecords(records))));
        return data;
    }

    ProduceResponseData.PartitionProduceResponse produce(int version, @Nullable MemoryRecords records) {
        ProduceResponseData answer = call(ApiKeys.PRODUCE, version,
                production(SimulatedKafka.TOPIC, 0, records, -1), ProduceResponseData.class);
        return answer.responses().iterator().next().partitionResponses().getFirst();
    }

    /** A fetch of the topic's partitions from these offsets, without a session. */
    static FetchRequestData fetching(long... offsets) {
        FetchRequestData data = new FetchRequestData().setMaxWaitMs(500).setMinBytes(1).setMaxBytes(1 << 20);
        FetchRequestData.FetchTopic topic = new FetchRequestData.FetchTopic().setTopic(SimulatedKafka.TOPIC);
        for (int i = 0; i < offsets.length; i++) {
            topic.partitions().add(new FetchRequestData.FetchPartition().setPartition(i).setFetchOffset(offsets[i])
                    .setPartitionMaxBytes(1 << 20));
        }
        if (offsets.length > 0) {
            data.topics().add(topic);
        }
        return data;
    }

    static FetchRequestData byId(FetchRequestData data, Uuid id) {
        data.topics().forEach(topic -> topic.setTopicId(id));
        return data;
    }

    FetchResponseData fetch(FetchRequestData data) {
        return call(ApiKeys.FETCH, 12, data, FetchResponseData.class);
    }

    FetchResponseData.PartitionData fetchOne(FetchRequestData data) {
        return fetch(data).responses().getFirst().partitions().getFirst();
    }

    static List<String> values(FetchResponseData.PartitionData part) {
        List<String> values = new ArrayList<>();
        for (Record record : ((MemoryRecords) Objects.requireNonNull(part.records())).records()) {
            values.add(StandardCharsets.UTF_8.decode(record.value()).toString());
        }
        return values;
    }
}
