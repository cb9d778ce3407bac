// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * ListOffsets, versions 1 to 11: the first offset, the last, that of a moment, that of the latest timestamp. Records are never in another storage: what is asked about those is answered as Kafka does without one.
 */
public final class ListOffsetsApi {
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    /** By the value with the sign turned: since which version it may be asked for. */
    private static final short[] SINCE = {0, 1, 1, 7, 8, 9, 11};

    private static final byte READ_COMMITTED = 1;
    private static final int CONSUMER = -1;
    private static final int UNKNOWN = -1;
    private static final short WITH_LEADER_EPOCH = 4;

    private final KafkaContext context;
    private final Authorization access;

    public ListOffsetsApi(KafkaContext context) {
        this(context, Authorization.OPEN);
    }

    /** @param access asked for {@code DESCRIBE} on topics */
    public ListOffsetsApi(KafkaContext context, Authorization access) {
        this.context = context;
        this.access = access;
    }

    public void handle(Request request) {
        ListOffsetsRequestData data = request.data(ListOffsetsRequestData.class);
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        Gathering gathering = new Gathering(() -> {
            if (request.version() < WITH_LEADER_EPOCH) {
                response.topics().forEach(topic -> topic.partitions().forEach(each -> each.setLeaderEpoch(UNKNOWN)));
            }
            request.respond(response);
        });
        Set<TopicPartition> seen = new HashSet<>();
        for (var topic : data.topics()) {
            ListOffsetsTopicResponse answers = new ListOffsetsTopicResponse().setName(topic.name());
            response.topics().add(answers);
            for (ListOffsetsPartition wanted : topic.partitions()) {
                ListOffsetsPartitionResponse answer = new ListOffsetsPartitionResponse()
                        .setPartitionIndex(wanted.partitionIndex()).setOffset(UNKNOWN).setTimestamp(UNKNOWN)
                        .setLeaderEpoch(UNKNOWN);
                answers.partitions().add(answer);
                Partition partition = context.topics().partition(topic.name(), wanted.partitionIndex());
                boolean first = seen.add(new TopicPartition(topic.name(), wanted.partitionIndex()));
                Errors wrong = wrong(request, topic.name(), partition, first, wanted);
                answer.setErrorCode(wrong.code());
                if (wrong == Errors.NONE && partition != null) {
                    gathering.open(partition, () -> find(partition, wanted, limit(data, partition), answer, gathering),
                            why -> answer.setErrorCode(why.code()));
                }
            }
        }
        gathering.done();
    }

    private Errors wrong(Request request, String topic, @Nullable Partition partition, boolean first,
            ListOffsetsPartition wanted) {
        if (!access.onTopic(request, AclOperation.DESCRIBE, topic)) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        if (!first) {
            return Errors.INVALID_REQUEST;
        }
        if (isUnsupported(wanted.timestamp(), request.version())) {
            return Errors.UNSUPPORTED_VERSION;
        }
        return partition == null
                ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                : LeaderEpochs.check(wanted.currentLeaderEpoch(), partition);
    }

    private static boolean isUnsupported(long timestamp, short version) {
        return timestamp < 0 && (timestamp <= -SINCE.length || version < SINCE[(int) -timestamp]);
    }

    /** No record from here on is told. */
    private static long limit(ListOffsetsRequestData data, Partition partition) {
        if (data.replicaId() != CONSUMER) {
            return partition.logEndOffset();
        }
        return data.isolationLevel() == READ_COMMITTED ? partition.lastStableOffset() : partition.highWatermark();
    }

    private void find(Partition partition, ListOffsetsPartition wanted, long limit,
            ListOffsetsPartitionResponse answer, Gathering gathering) {
        long timestamp = wanted.timestamp();
        if (timestamp == LATEST) {
            answer.setOffset(limit).setLeaderEpoch(partition.leaderEpoch());
        } else if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            answer.setOffset(partition.logStartOffset()).setLeaderEpoch(partition.leaderEpoch());
        } else if (timestamp != LATEST_TIERED && timestamp != EARLIEST_PENDING_UPLOAD) {
            RecordLookup lookup = partition.lookup(context.blocking(), limit);
            answer(timestamp == MAX_TIMESTAMP ? lookup.latest() : lookup.first(timestamp), partition, answer,
                    gathering);
            return;
        }
        gathering.done();
    }

    private void answer(CompletionStage<RecordLookup.@Nullable Found> looking, Partition partition,
            ListOffsetsPartitionResponse answer, Gathering gathering) {
        looking.whenComplete((found, error) -> context.owner().execute(() -> {
            if (error != null) {
                answer.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
            } else if (found != null) {
                answer.setOffset(found.offset()).setTimestamp(found.timestampMs())
                        .setLeaderEpoch(partition.leaderEpoch());
            }
            gathering.done();
        }));
    }
}
