// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** DeleteRecords, versions 0 to 2 (KIP-107): moves the start of partitions, durably, before it answers. */
public final class DeleteRecordsApi {
    private static final long HIGH_WATERMARK = -1;
    private static final long NO_LOW_WATERMARK = -1;

    private final KafkaContext context;
    private final Authorization access;

    public DeleteRecordsApi(KafkaContext context) {
        this(context, Authorization.OPEN);
    }

    /** @param access asked for {@code DELETE} on topics */
    public DeleteRecordsApi(KafkaContext context, Authorization access) {
        this.context = context;
        this.access = access;
    }

    public void handle(Request request) {
        DeleteRecordsRequestData data = request.data(DeleteRecordsRequestData.class);
        DeleteRecordsResponseData response = new DeleteRecordsResponseData();
        Gathering gathering = new Gathering(() -> request.respond(response));
        for (var topic : data.topics()) {
            DeleteRecordsTopicResult answers = new DeleteRecordsTopicResult().setName(topic.name());
            response.topics().add(answers);
            for (DeleteRecordsPartition wanted : topic.partitions()) {
                DeleteRecordsPartitionResult answer = new DeleteRecordsPartitionResult()
                        .setPartitionIndex(wanted.partitionIndex()).setLowWatermark(NO_LOW_WATERMARK);
                answers.partitions().add(answer);
                Partition partition = context.topics().partition(topic.name(), wanted.partitionIndex());
                Errors wrong = wrong(request, topic.name(), partition);
                answer.setErrorCode(wrong.code());
                if (wrong == Errors.NONE && partition != null) {
                    gathering.open(partition, () -> delete(partition, wanted.offset(), answer, gathering),
                            why -> answer.setErrorCode(why.code()));
                }
            }
        }
        gathering.done();
    }

    private Errors wrong(Request request, String topic, @Nullable Partition partition) {
        if (!access.onTopic(request, AclOperation.DELETE, topic)) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        if (partition == null) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (partition.topic().isInternal()) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
        var config = partition.topic().config().values();
        return config.compact && !config.delete ? Errors.POLICY_VIOLATION : Errors.NONE;
    }

    private void delete(Partition partition, long offset, DeleteRecordsPartitionResult answer, Gathering gathering) {
        long before = offset == HIGH_WATERMARK ? partition.highWatermark() : offset;
        if (before < 0 || before > partition.highWatermark()) {
            answer.setErrorCode(Errors.OFFSET_OUT_OF_RANGE.code());
            gathering.done();
            return;
        }
        partition.deleteBefore(before).whenComplete((done, error) -> context.owner().execute(() -> {
            if (error != null) {
                answer.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
            } else {
                answer.setLowWatermark(partition.logStartOffset());
            }
            gathering.done();
        }));
    }
}
