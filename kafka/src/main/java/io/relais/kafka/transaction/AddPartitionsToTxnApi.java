// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import io.relais.kafka.topic.Topics;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.apache.kafka.server.common.TransactionVersion;

/** AddPartitionsToTxn: of one transaction (versions 0 to 3, from clients), or of several, to add or only to verify (from version 4 on, KIP-890). */
final class AddPartitionsToTxnApi {
    private static final short BATCHED = 4;

    /** From this version on a client knows {@link Errors#PRODUCER_FENCED} (KIP-588). */
    private static final short KNOWS_FENCED = 2;

    private final TransactionCoordinator coordinator;
    private final Topics topics;
    private final TransactionAccess access;

    AddPartitionsToTxnApi(TransactionCoordinator coordinator, Topics topics, TransactionAccess access) {
        this.coordinator = coordinator;
        this.topics = topics;
        this.access = access;
    }

    void handle(Request request) {
        AddPartitionsToTxnRequest body = (AddPartitionsToTxnRequest) request.body();
        if (request.version() < BATCHED) {
            body = body.normalizeRequest();
        } else if (!access.allowsCluster(request, AclOperation.CLUSTER_ACTION)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        TransactionVersion version = TransactionVersion.transactionVersionForAddPartitionsToTxn(body);
        AddPartitionsToTxnResponseData response = new AddPartitionsToTxnResponseData();
        int[] left = {1};
        Runnable oneDone = () -> {
            left[0]--;
            if (left[0] == 0) {
                request.respond(response);
            }
        };
        for (AddPartitionsToTxnTransaction transaction : body.data().transactions()) {
            left[0]++;
            handle(transaction, version, request, results -> {
                var result = AddPartitionsToTxnResponse.resultForTransaction(transaction.transactionalId(), results);
                if (request.version() < BATCHED) {
                    response.setResultsByTopicV3AndBelow(result.topicResults());
                } else {
                    response.resultsByTransaction().add(result);
                }
                oneDone.run();
            });
        }
        oneDone.run();
    }

    private void handle(AddPartitionsToTxnTransaction transaction, TransactionVersion version, Request request,
            Consumer<Map<TopicPartition, Errors>> done) {
        List<TopicPartition> partitions = AddPartitionsToTxnRequest.getPartitions(transaction.topics());
        Map<TopicPartition, Errors> results = new HashMap<>();
        boolean ofClient = request.version() < BATCHED;
        if (ofClient && !access.allowsId(request, AclOperation.WRITE, transaction.transactionalId())) {
            partitions.forEach(each -> results.put(each, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
            done.accept(results);
            return;
        }
        boolean allWell = true;
        for (TopicPartition each : partitions) {
            Errors error = check(each, request, ofClient);
            allWell &= error == Errors.OPERATION_NOT_ATTEMPTED;
            results.put(each, error);
        }
        if (!allWell) {
            done.accept(results); // all or none
        } else if (transaction.verifyOnly()) {
            verify(transaction, results, done);
        } else {
            coordinator.addPartitions(transaction.transactionalId(), transaction.producerId(),
                    transaction.producerEpoch(), Set.copyOf(partitions), version, error -> {
                        results.replaceAll(
                                (partition, before) -> ClientErrors.fenced(error, request.version() >= KNOWS_FENCED));
                        done.accept(results);
                    });
        }
    }

    private Errors check(TopicPartition partition, Request request, boolean ofClient) {
        if (ofClient && (Topic.isInternal(partition.topic())
                || !access.allowsTopic(request, AclOperation.WRITE, partition.topic()))) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return topics.partition(partition.topic(), partition.partition()) == null
                ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                : Errors.OPERATION_NOT_ATTEMPTED;
    }

    private void verify(AddPartitionsToTxnTransaction transaction, Map<TopicPartition, Errors> results,
            Consumer<Map<TopicPartition, Errors>> done) {
        List<TopicPartition> asked = List.copyOf(results.keySet());
        int[] left = {asked.size()};
        if (asked.isEmpty()) {
            done.accept(results);
        }
        for (TopicPartition partition : asked) {
            coordinator.verify(transaction.transactionalId(), transaction.producerId(), transaction.producerEpoch(),
                    partition, error -> {
                        results.put(partition, error);
                        left[0]--;
                        if (left[0] == 0) {
                            done.accept(results);
                        }
                    });
        }
    }
}
