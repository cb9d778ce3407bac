// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.util.HashMap;
import java.util.Map;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest;
import org.apache.kafka.common.requests.WriteTxnMarkersRequest.TxnMarkerEntry;
import org.apache.kafka.common.requests.WriteTxnMarkersResponse;

/** WriteTxnMarkers: an administrator ends a transaction that hangs in a partition ({@code kafka-transactions --abort}, KIP-664). */
final class WriteTxnMarkersApi {
    private final Markers markers;
    private final TransactionAccess access;

    WriteTxnMarkersApi(Markers markers, TransactionAccess access) {
        this.markers = markers;
        this.access = access;
    }

    void handle(Request request) {
        WriteTxnMarkersRequest body = (WriteTxnMarkersRequest) request.body();
        if (!access.allowsCluster(request, AclOperation.ALTER)
                && !access.allowsCluster(request, AclOperation.CLUSTER_ACTION)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        Map<Long, Map<TopicPartition, Errors>> results = new HashMap<>();
        int[] left = {1};
        Runnable oneDone = () -> {
            left[0]--;
            if (left[0] == 0) {
                request.respond(new WriteTxnMarkersResponse(results).data());
            }
        };
        for (TxnMarkerEntry entry : body.markers()) {
            Map<TopicPartition, Errors> ofProducer = results.computeIfAbsent(entry.producerId(),
                    producerId -> new HashMap<>());
            Markers.Marker marker = new Markers.Marker(entry.producerId(), entry.producerEpoch(),
                    entry.transactionResult() == TransactionResult.COMMIT, entry.coordinatorEpoch(),
                    entry.transactionVersion());
            for (TopicPartition partition : entry.partitions()) {
                left[0]++;
                markers.write(partition, marker, error -> {
                    ofProducer.put(partition, error);
                    oneDone.run();
                });
            }
        }
        oneDone.run();
    }
}
