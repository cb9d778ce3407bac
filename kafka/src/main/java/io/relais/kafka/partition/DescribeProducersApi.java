// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.Errors;

/** DescribeProducers, version 0 (KIP-664): the producers that a partition remembers, and their transactions. */
public final class DescribeProducersApi {
    private final KafkaContext context;
    private final Authorization access;

    public DescribeProducersApi(KafkaContext context) {
        this(context, Authorization.OPEN);
    }

    /** @param access asked for {@code READ} on topics */
    public DescribeProducersApi(KafkaContext context, Authorization access) {
        this.context = context;
        this.access = access;
    }

    public void handle(Request request) {
        DescribeProducersResponseData response = new DescribeProducersResponseData();
        Gathering gathering = new Gathering(() -> request.respond(response));
        for (var topic : request.data(DescribeProducersRequestData.class).topics()) {
            TopicResponse answers = new TopicResponse().setName(topic.name());
            response.topics().add(answers);
            Errors wrong = wrong(request, topic.name());
            for (int index : topic.partitionIndexes()) {
                PartitionResponse answer = new PartitionResponse().setPartitionIndex(index);
                answers.partitions().add(answer);
                Partition partition = wrong == Errors.NONE ? context.topics().partition(topic.name(), index) : null;
                if (partition == null) {
                    fail(answer, wrong == Errors.NONE ? Errors.UNKNOWN_TOPIC_OR_PARTITION : wrong);
                } else {
                    gathering.open(partition, () -> {
                        describe(partition, answer);
                        gathering.done();
                    }, why -> fail(answer, why));
                }
            }
        }
        gathering.done();
    }

    private Errors wrong(Request request, String topic) {
        try {
            org.apache.kafka.common.internals.Topic.validate(topic);
        } catch (InvalidTopicException e) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
        return access.onTopic(request, AclOperation.READ, topic) ? Errors.NONE : Errors.TOPIC_AUTHORIZATION_FAILED;
    }

    private static void fail(PartitionResponse answer, Errors why) {
        answer.setErrorCode(why.code()).setErrorMessage(why.message());
    }

    private static void describe(Partition partition, PartitionResponse answer) {
        partition.states().all().forEach(state -> answer.activeProducers()
                .add(new DescribeProducersResponseData.ProducerState().setProducerId(state.producerId())
                        .setProducerEpoch(state.epoch()).setLastSequence(state.lastSequence())
                        .setLastTimestamp(state.lastTimestamp()).setCoordinatorEpoch(state.coordinatorEpoch())
                        .setCurrentTxnStartOffset(state.transactionFirstOffset())));
    }
}
