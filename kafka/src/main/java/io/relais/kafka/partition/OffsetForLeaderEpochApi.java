// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** OffsetForLeaderEpoch, versions 2 to 4 (KIP-320): where an epoch ends. There is one epoch, and it ends where the log does. */
public final class OffsetForLeaderEpochApi {
    private final KafkaContext context;
    private final Authorization access;

    public OffsetForLeaderEpochApi(KafkaContext context) {
        this(context, Authorization.OPEN);
    }

    /** @param access asked for {@code DESCRIBE} on topics */
    public OffsetForLeaderEpochApi(KafkaContext context, Authorization access) {
        this.context = context;
        this.access = access;
    }

    public void handle(Request request) {
        OffsetForLeaderEpochRequestData data = request.data(OffsetForLeaderEpochRequestData.class);
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        Gathering gathering = new Gathering(() -> request.respond(response));
        for (var topic : data.topics()) {
            OffsetForLeaderTopicResult answers = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            response.topics().add(answers);
            for (OffsetForLeaderPartition wanted : topic.partitions()) {
                EpochEndOffset answer = new EpochEndOffset().setPartition(wanted.partition());
                answers.partitions().add(answer);
                Partition partition = context.topics().partition(topic.topic(), wanted.partition());
                Errors wrong = wrong(request, topic.topic(), partition, wanted);
                answer.setErrorCode(wrong.code());
                if (wrong == Errors.NONE && partition != null) {
                    gathering.open(partition, () -> {
                        end(partition, wanted.leaderEpoch(), answer);
                        gathering.done();
                    }, why -> answer.setErrorCode(why.code()));
                }
            }
        }
        gathering.done();
    }

    private Errors wrong(Request request, String topic, @Nullable Partition partition,
            OffsetForLeaderPartition wanted) {
        if (!access.onTopic(request, AclOperation.DESCRIBE, topic)) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return partition == null
                ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                : LeaderEpochs.check(wanted.currentLeaderEpoch(), partition);
    }

    private static void end(Partition partition, int epoch, EpochEndOffset answer) {
        if (epoch == partition.leaderEpoch()) {
            answer.setLeaderEpoch(epoch).setEndOffset(partition.logEndOffset());
        }
    }
}
