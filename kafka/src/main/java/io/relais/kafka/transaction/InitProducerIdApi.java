// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import java.util.Optional;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;

/** InitProducerId: an id for an idempotent producer, or id and epoch for a transactional one (KIP-98, KIP-360). */
final class InitProducerIdApi {
    /** From this version on a client knows {@link Errors#PRODUCER_FENCED} (KIP-588). */
    private static final short KNOWS_FENCED = 4;

    private final TransactionCoordinator coordinator;
    private final TransactionAccess access;

    InitProducerIdApi(TransactionCoordinator coordinator, TransactionAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    void handle(Request request) {
        InitProducerIdRequestData data = request.data(InitProducerIdRequestData.class);
        boolean hasId = data.producerId() != RecordBatch.NO_PRODUCER_ID;
        boolean hasEpoch = data.producerEpoch() != RecordBatch.NO_PRODUCER_EPOCH;
        String transactionalId = data.transactionalId();
        if (transactionalId != null && !access.allowsId(request, AclOperation.WRITE, transactionalId)) {
            request.fail(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        } else if (transactionalId == null && !access.allowsCluster(request, AclOperation.IDEMPOTENT_WRITE)
                && !access.allowsAnyTopic(request, AclOperation.WRITE)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
        } else if (hasId != hasEpoch) {
            request.fail(Errors.INVALID_REQUEST);
        } else if (transactionalId != null && data.enable2Pc()) {
            request.fail(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED); // KIP-939: not enabled, as is Kafka's default
        } else if (transactionalId != null && data.keepPreparedTxn()) {
            request.fail(Errors.UNSUPPORTED_VERSION);
        } else {
            coordinator.initProducerId(transactionalId, data.transactionTimeoutMs(),
                    hasId
                            ? Optional.of(new ProducerIdAndEpoch(data.producerId(), data.producerEpoch()))
                            : Optional.empty(),
                    (error, producerId, epoch) -> request.respond(new InitProducerIdResponseData()
                            .setErrorCode(ClientErrors.fenced(error, request.version() >= KNOWS_FENCED).code())
                            .setProducerId(producerId).setProducerEpoch(epoch)));
        }
    }
}
