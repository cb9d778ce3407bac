// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.server.common.TransactionVersion;

/** EndTxn: commits or aborts. From version 5 on (KIP-890) each end raises the epoch, which the answer tells. */
final class EndTxnApi {
    /** From this version on a client knows {@link Errors#PRODUCER_FENCED} (KIP-588). */
    private static final short KNOWS_FENCED = 2;

    private final TransactionCoordinator coordinator;
    private final TransactionAccess access;

    EndTxnApi(TransactionCoordinator coordinator, TransactionAccess access) {
        this.coordinator = coordinator;
        this.access = access;
    }

    void handle(Request request) {
        EndTxnRequestData data = request.data(EndTxnRequestData.class);
        if (!access.allowsId(request, AclOperation.WRITE, data.transactionalId())) {
            request.fail(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
            return;
        }
        EndTxnRequest body = (EndTxnRequest) request.body();
        coordinator.end(data.transactionalId(), data.producerId(), data.producerEpoch(), body.result(),
                TransactionVersion.transactionVersionForEndTxn(body),
                (error, producerId, epoch) -> request.respond(new EndTxnResponseData()
                        .setErrorCode(ClientErrors.fenced(error, request.version() >= KNOWS_FENCED).code())
                        .setProducerId(producerId).setProducerEpoch(epoch)));
    }
}
