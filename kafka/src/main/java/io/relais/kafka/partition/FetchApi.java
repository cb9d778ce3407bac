// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.ArrayList;
import java.util.List;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.KafkaContext;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import io.relais.kafka.wire.SliceRecords;
import io.relais.log.BatchSlice;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** Fetch: reads what is there, and waits for more where it is less than was asked for. */
public final class FetchApi {
    private static final short WITH_TOPIC_IDS = 13;

    private final KafkaContext context;

    public FetchApi(KafkaContext context) {
        this.context = context;
    }

    public void handle(Request request) {
        new Waiting(request).read();
    }

    /** One request, until it is answered. */
    private final class Waiting implements Runnable {
        private final Request request;
        private final FetchRequestData data;
        private final List<Partition> watched = new ArrayList<>();
        private FetchResponseData response = new FetchResponseData();
        private Owner.@Nullable Timer timer;
        private boolean late;
        private boolean failed;
        private int left;
        private long bytes;

        Waiting(Request request) {
            this.request = request;
            this.data = request.data(FetchRequestData.class);
        }

        void read() {
            response = new FetchResponseData();
            bytes = 0;
            left = 1;
            for (FetchTopic each : data.topics()) {
                Topic topic = request.version() >= WITH_TOPIC_IDS
                        ? context.topics().byId(each.topicId())
                        : context.topics().byName(each.topic());
                FetchableTopicResponse answer = new FetchableTopicResponse().setTopic(each.topic())
                        .setTopicId(each.topicId());
                response.responses().add(answer);
                for (FetchPartition wanted : each.partitions()) {
                    PartitionData part = new PartitionData().setPartitionIndex(wanted.partition())
                            .setRecords(MemoryRecords.EMPTY).setHighWatermark(-1);
                    answer.partitions().add(part);
                    Partition partition = topic == null ? null : topic.partition(wanted.partition());
                    if (partition == null) {
                        part.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
                        failed = true;
                    } else {
                        left++;
                        read(partition, wanted, part);
                    }
                }
            }
            done();
        }

        private void read(Partition partition, FetchPartition wanted, PartitionData part) {
            partition.whenOpen(new Partition.OpenListener() {
                @Override
                public void opened(RetainedLog log) {
                    long end = partition.highWatermark();
                    part.setHighWatermark(end).setLastStableOffset(end).setLogStartOffset(partition.logStartOffset());
                    if (wanted.fetchOffset() < partition.logStartOffset() || wanted.fetchOffset() > end) {
                        fail(part, Errors.OFFSET_OUT_OF_RANGE);
                        return;
                    }
                    partition.read(wanted.fetchOffset(), wanted.partitionMaxBytes(), end)
                            .whenComplete((slice, error) -> {
                                if (context.owner().isCurrent()) {
                                    found(partition, part, slice, error);
                                } else {
                                    context.owner().execute(() -> found(partition, part, slice, error));
                                }
                            });
                }

                @Override
                public void failed(Errors why) {
                    fail(part, why);
                }
            });
        }

        private void fail(PartitionData part, Errors why) {
            part.setErrorCode(why.code());
            failed = true;
            done();
        }

        private void found(Partition partition, PartitionData part, @Nullable BatchSlice slice,
                @Nullable Throwable error) {
            if (error != null) {
                fail(part, Errors.KAFKA_STORAGE_ERROR);
                return;
            }
            if (slice != null) {
                bytes += slice.sizeBytes();
                part.setRecords(new SliceRecords(slice, request.connection().isEncrypted()));
            }
            watched.add(partition);
            done();
        }

        private void done() {
            left--;
            if (left > 0) {
                return;
            }
            if (bytes >= data.minBytes() || failed || late || data.maxWaitMs() <= 0 || request.isGone()) {
                finish();
                return;
            }
            discard();
            watched.forEach(partition -> partition.whenAdvanced(this));
            if (timer == null) {
                timer = context.owner().schedule(data.maxWaitMs(), () -> {
                    late = true;
                    run();
                });
            }
        }

        private void discard() {
            response.responses().forEach(topic -> topic.partitions().forEach(part -> {
                if (part.records() instanceof SliceRecords records) {
                    records.discard();
                }
            }));
        }

        @Override
        public void run() {
            watched.forEach(partition -> partition.removeReader(this));
            watched.clear();
            read();
        }

        private void finish() {
            Owner.Timer waiting = timer;
            if (waiting != null) {
                waiting.cancel();
            }
            if (request.isGone()) {
                discard();
            }
            request.respond(response);
        }
    }
}
