// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.netty.buffer.ByteBuf;
import io.relais.kafka.KafkaContext;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/** Produce: validates the batches of each partition, appends them, and answers when they are as durable as was asked for. */
public final class ProduceApi {
    private static final short WITH_TOPIC_IDS = 13;

    private final KafkaContext context;

    public ProduceApi(KafkaContext context) {
        this.context = context;
    }

    /** One request that waits for its partitions. */
    private static final class Pending {
        final Request request;
        final ProduceResponseData response = new ProduceResponseData();
        int left = 1;

        Pending(Request request) {
            this.request = request;
        }

        void oneDone() {
            left--;
            if (left == 0) {
                ProduceRequestData data = request.data(ProduceRequestData.class);
                if (data.acks() == 0) {
                    request.noResponse();
                } else {
                    request.respond(response);
                }
            }
        }
    }

    public void handle(Request request) {
        ProduceRequestData data = request.data(ProduceRequestData.class);
        if (data.acks() < -1 || data.acks() > 1) {
            request.fail(Errors.INVALID_REQUIRED_ACKS);
            return;
        }
        Partition.Acks acks = data.acks() == -1 ? Partition.Acks.REPLICATED : Partition.Acks.WRITTEN;
        Pending pending = new Pending(request);
        for (TopicProduceData each : data.topicData()) {
            Topic topic = request.version() >= WITH_TOPIC_IDS
                    ? context.topics().byId(each.topicId())
                    : context.topics().byName(each.name());
            TopicProduceResponse response = new TopicProduceResponse().setName(each.name()).setTopicId(each.topicId());
            pending.response.responses().add(response);
            for (PartitionProduceData records : each.partitionData()) {
                PartitionProduceResponse answer = new PartitionProduceResponse().setIndex(records.index());
                response.partitionResponses().add(answer);
                pending.left++;
                Partition partition = topic == null ? null : topic.partition(records.index());
                if (partition == null) {
                    fail(answer, request.version() >= WITH_TOPIC_IDS && topic == null
                            ? Errors.UNKNOWN_TOPIC_ID
                            : Errors.UNKNOWN_TOPIC_OR_PARTITION, pending);
                } else {
                    ByteBuf bytes = request.bytesOf((MemoryRecords) records.records()).retain();
                    partition.whenOpen(new Partition.OpenListener() {
                        @Override
                        public void opened(RetainedLog log) {
                            append(partition, bytes, (MemoryRecords) records.records(), acks, answer, pending);
                        }

                        @Override
                        public void failed(Errors why) {
                            bytes.release();
                            fail(answer, why, pending);
                        }
                    });
                }
            }
        }
        pending.oneDone();
    }

    private static void append(Partition partition, ByteBuf bytes, MemoryRecords records, Partition.Acks acks,
            PartitionProduceResponse answer, Pending pending) {
        int count = count(records);
        if (count < 0) {
            bytes.release();
            fail(answer, Errors.CORRUPT_MESSAGE, pending);
            return;
        }
        partition.append(bytes, acks, new Partition.AppendListener() {
            @Override
            public void done(long baseOffset) {
                answer.setBaseOffset(baseOffset).setLogAppendTimeMs(RecordBatch.NO_TIMESTAMP)
                        .setLogStartOffset(partition.logStartOffset());
                pending.oneDone();
            }

            @Override
            public void failed(Errors why) {
                fail(answer, why, pending);
            }
        });
    }

    /** How many offsets the batches take; -1 where they are not sound. */
    private static int count(@Nullable MemoryRecords records) {
        int count = 0;
        if (records == null) {
            return -1;
        }
        for (RecordBatch batch : records.batches()) {
            if (batch.magic() != RecordBatch.MAGIC_VALUE_V2 || !batch.isValid()) {
                return -1;
            }
            count += (int) (batch.lastOffset() - batch.baseOffset()) + 1;
        }
        return count == 0 ? -1 : count;
    }

    private static void fail(PartitionProduceResponse answer, Errors why, Pending pending) {
        answer.setErrorCode(why.code()).setBaseOffset(-1).setErrorMessage(why.message());
        pending.oneDone();
    }
}
