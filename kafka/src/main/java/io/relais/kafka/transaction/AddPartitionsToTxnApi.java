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

    AddPartitionsToTxnApi(TransactionCoordinator coordinator, Topics topics) {
        this.coordinator = coordinator;
        this.topics = topics;
    }

    void handle(Request request) {
        AddPartitionsToTxnRequest body = (AddPartitionsToTxnRequest) request.body();
        if (request.version() < BATCHED) {
            body = body.normalizeRequest();
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
            handle(transaction, version, request.version() >= KNOWS_FENCED, results -> {
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

    private void handle(AddPartitionsToTxnTransaction transaction, TransactionVersion version, boolean knowsFenced,
            Consumer<Map<TopicPartition, Errors>> done) {
        List<TopicPartition> partitions = AddPartitionsToTxnRequest.getPartitions(transaction.topics());
        Map<TopicPartition, Errors> results = new HashMap<>();
        boolean allExist = true;
        for (TopicPartition each : partitions) {
            boolean exists = topics.partition(each.topic(), each.partition()) != null;
            allExist &= exists;
            results.put(each, exists ? Errors.OPERATION_NOT_ATTEMPTED : Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        if (!allExist) {
            done.accept(results); // all or none
        } else if (transaction.verifyOnly()) {
            verify(transaction, results, done);
        } else {
            coordinator.addPartitions(transaction.transactionalId(), transaction.producerId(),
                    transaction.producerEpoch(), Set.copyOf(partitions), version, error -> {
                        results.replaceAll((partition, before) -> ClientErrors.fenced(error, knowsFenced));
                        done.accept(results);
                    });
        }
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
