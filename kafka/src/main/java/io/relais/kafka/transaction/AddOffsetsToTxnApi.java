// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import static org.apache.kafka.common.internals.Topic.GROUP_METADATA_TOPIC_NAME;

import java.util.Set;
import java.util.function.Supplier;

import io.relais.kafka.wire.Request;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.server.common.TransactionVersion;
import org.jspecify.annotations.Nullable;

/** AddOffsetsToTxn: the partition that holds the offsets of a group becomes part of the transaction. Producers of version 2 do without (KIP-890). */
final class AddOffsetsToTxnApi {
    /** From this version on a client knows {@link Errors#PRODUCER_FENCED} (KIP-588). */
    private static final short KNOWS_FENCED = 2;

    private final TransactionCoordinator coordinator;
    private final Supplier<@Nullable OffsetTransactions> offsets;
    private final TransactionAccess access;

    AddOffsetsToTxnApi(TransactionCoordinator coordinator, Supplier<@Nullable OffsetTransactions> offsets,
            TransactionAccess access) {
        this.coordinator = coordinator;
        this.offsets = offsets;
        this.access = access;
    }

    void handle(Request request) {
        AddOffsetsToTxnRequestData data = request.data(AddOffsetsToTxnRequestData.class);
        if (!access.allowsId(request, AclOperation.WRITE, data.transactionalId())) {
            request.fail(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
            return;
        }
        if (!access.allows(request, AclOperation.READ, ResourceType.GROUP, data.groupId())) {
            request.fail(Errors.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        OffsetTransactions groups = offsets.get();
        if (groups == null) {
            request.fail(Errors.COORDINATOR_NOT_AVAILABLE);
            return;
        }
        TopicPartition partition = new TopicPartition(GROUP_METADATA_TOPIC_NAME, groups.partitionFor(data.groupId()));
        coordinator.addPartitions(data.transactionalId(), data.producerId(), data.producerEpoch(), Set.of(partition),
                TransactionVersion.TV_0, error -> request.respond(new AddOffsetsToTxnResponseData()
                        .setErrorCode(ClientErrors.fenced(error, request.version() >= KNOWS_FENCED).code())));
    }
}
