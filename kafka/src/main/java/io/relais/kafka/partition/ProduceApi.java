// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.netty.buffer.ByteBuf;
import io.relais.kafka.KafkaContext;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Produce, versions 3 to 13: finds the partitions, hands each its batch, and answers when all are as durable as was asked for. */
public final class ProduceApi {
    private static final short WITH_TOPIC_IDS = 13;

    /** The client that Kafka lets write to its internal topics. */
    private static final String ADMIN_CLIENT = "__admin_client";

    private final KafkaContext context;
    private final TransactionGate gate;
    private final Authorization access;
    private final Admission admission;
    private final BatchValidator validator = new BatchValidator();

    public ProduceApi(KafkaContext context) {
        this(context, TransactionGate.OPEN, Authorization.OPEN);
    }

    /**
     * Makes it.
     *
     * @param gate   asked before the first record of a transaction
     * @param access asked for {@code WRITE} on topics and transactional ids
     */
    public ProduceApi(KafkaContext context, TransactionGate gate, Authorization access) {
        this.context = context;
        this.gate = gate;
        this.access = access;
        this.admission = new Admission(context.broker(), this::admitted);
    }

    public void handle(Request request) {
        ProduceRequestData data = request.data(ProduceRequestData.class);
        if (data.acks() < -1 || data.acks() > 1) {
            request.fail(Errors.INVALID_REQUIRED_ACKS);
        } else {
            admission.admit(request);
        }
    }

    private void admitted(Request request) {
        Production production = new Production(request, gate, access, validator, context.owner().clock(), admission);
        for (TopicProduceData each : request.data(ProduceRequestData.class).topicData()) {
            Topic topic = request.version() >= WITH_TOPIC_IDS
                    ? context.topics().byId(each.topicId())
                    : context.topics().byName(each.name());
            TopicProduceResponse answers = new TopicProduceResponse().setName(each.name()).setTopicId(each.topicId());
            production.response().responses().add(answers);
            Errors wrong = wrong(request, topic, each);
            for (PartitionProduceData records : each.partitionData()) {
                PartitionProduceResponse answer = new PartitionProduceResponse().setIndex(records.index());
                answers.partitionResponses().add(answer);
                if (topic == null || wrong != Errors.NONE) {
                    production.refuse(answer, wrong, null);
                } else {
                    produce(production, request, topic, records, answer);
                }
            }
        }
        production.started();
    }

    private Errors wrong(Request request, @org.jspecify.annotations.Nullable Topic topic, TopicProduceData each) {
        if (topic == null) {
            return request.version() >= WITH_TOPIC_IDS
                    ? Errors.UNKNOWN_TOPIC_ID
                    : access.onTopic(request, AclOperation.WRITE, each.name())
                            ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                            : Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return access.onTopic(request, AclOperation.WRITE, topic.name())
                ? Errors.NONE
                : Errors.TOPIC_AUTHORIZATION_FAILED;
    }

    private static void produce(Production production, Request request, Topic topic, PartitionProduceData records,
            PartitionProduceResponse answer) {
        Partition partition = topic.partition(records.index());
        if (partition == null) {
            production.refuse(answer, Errors.UNKNOWN_TOPIC_OR_PARTITION, null);
        } else if (topic.isInternal() && !request.clientId().equals(ADMIN_CLIENT)) {
            production.refuse(answer, Errors.INVALID_TOPIC_EXCEPTION,
                    "Cannot append to internal topic " + topic.name());
        } else if (records.records() instanceof MemoryRecords memory) {
            ByteBuf bytes = request.bytesOf(memory);
            production.append(partition, bytes, answer);
        } else {
            production.refuse(answer, Errors.INVALID_RECORD, "There are no records");
        }
    }
}
