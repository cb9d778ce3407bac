// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.Errors;

/** DescribeTransactions: the state of transactional ids (KIP-664). */
final class DescribeTransactionsApi {
    private final TransactionCoordinator coordinator;
    private final TransactionAccess access;

    DescribeTransactionsApi(TransactionCoordinator coordinator, TransactionAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    void handle(Request request) {
        DescribeTransactionsResponseData response = new DescribeTransactionsResponseData();
        int[] left = {1};
        Runnable oneDone = () -> {
            left[0]--;
            if (left[0] == 0) {
                request.respond(response);
            }
        };
        for (String name : request.data(DescribeTransactionsRequestData.class).transactionalIds()) {
            left[0]++;
            TransactionState answer = new TransactionState().setTransactionalId(name);
            response.transactionStates().add(answer);
            if (!access.allowsId(request, AclOperation.DESCRIBE, name)) {
                answer.setErrorCode(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
                oneDone.run();
                continue;
            }
            coordinator.describe(name, id -> {
                describe(request, id, answer);
                oneDone.run();
            }, error -> {
                answer.setErrorCode(error.code());
                oneDone.run();
            });
        }
        oneDone.run();
    }

    private void describe(Request request, TransactionalId id, TransactionState answer) {
        answer.setProducerId(id.producerId()).setProducerEpoch(id.epoch()).setTransactionState(id.state().stateName())
                .setTransactionTimeoutMs(id.timeoutMs()).setTransactionStartTimeMs(id.startMs());
        for (TopicPartition partition : id.partitions()) {
            if (!access.allowsTopic(request, AclOperation.DESCRIBE, partition.topic())) {
                continue;
            }
            TopicData topic = answer.topics().find(partition.topic());
            if (topic == null) {
                topic = new TopicData().setTopic(partition.topic());
                answer.topics().add(topic);
            }
            topic.partitions().add(partition.partition());
        }
    }
}
