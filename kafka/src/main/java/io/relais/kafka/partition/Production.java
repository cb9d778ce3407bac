// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.netty.buffer.ByteBuf;
import io.relais.broker.runtime.Clock;
import io.relais.kafka.wire.Request;
import io.relais.log.LogException;
import io.relais.log.RetainedLog;
import io.relais.log.record.RecordBatch;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * One produce request on its way: each partition's batch is checked, its producer's sequence is checked, its transaction is verified, it is appended, and, when it is as durable as was asked for, answered.
 *
 * <p>Thread: the owner. Memory: one object for each partition.
 */
final class Production {
    /** From this version on a transactional batch adds its partition to the transaction (KIP-890). */
    private static final short KNOWS_ABORTABLE = 11;
    private static final short ADDS_PARTITIONS = 12;

    private final Request request;
    private final ProduceRequestData data;
    private final TransactionGate gate;
    private final Authorization access;
    private final BatchValidator validator;
    private final Clock clock;
    private final Admission admission;
    private final ProduceResponseData response = new ProduceResponseData();
    private final Partition.Acks acks;
    private boolean failed;
    private int left = 1;

    Production(Request request, TransactionGate gate, Authorization access, BatchValidator validator, Clock clock,
            Admission admission) {
        this.request = request;
        this.data = request.data(ProduceRequestData.class);
        this.gate = gate;
        this.access = access;
        this.validator = validator;
        this.clock = clock;
        this.admission = admission;
        this.acks = data.acks() == -1 ? Partition.Acks.REPLICATED : Partition.Acks.WRITTEN;
    }

    ProduceResponseData response() {
        return response;
    }

    /** All partitions are on their way. */
    void started() {
        oneDone();
    }

    /** A partition's batch is not appended. */
    void refuse(PartitionProduceResponse answer, Errors why, @Nullable String message) {
        left++;
        failed(answer, why, message);
    }

    private void failed(PartitionProduceResponse answer, Errors why, @Nullable String message) {
        failed = true;
        answer.setErrorCode(why.code()).setBaseOffset(-1).setErrorMessage(message == null ? why.message() : message);
        oneDone();
    }

    /**
     * Appends a batch to a partition.
     *
     * @param batch lives as long as the request; retained where it is needed longer
     */
    void append(Partition partition, ByteBuf batch, PartitionProduceResponse answer) {
        left++;
        new Part(partition, batch, answer).start();
    }

    private void oneDone() {
        left--;
        if (left > 0) {
            return;
        }
        admission.done(request);
        if (data.acks() != 0) {
            request.respond(response);
            return;
        }
        request.noResponse();
        if (failed && !request.isGone()) {
            request.connection().close(); // the only way to tell a producer that wants no answer
        }
    }

    /** One partition's batch. */
    private final class Part implements Partition.OpenListener, Partition.AppendListener, TransactionGate.Listener {
        private final Partition partition;
        private final PartitionProduceResponse answer;
        private ByteBuf batch;
        private boolean accepted;
        private long producerId = Batch.NO_PRODUCER;

        Part(Partition partition, ByteBuf batch, PartitionProduceResponse answer) {
            this.partition = partition;
            this.batch = batch;
            this.answer = answer;
        }

        void start() {
            if (acks == Partition.Acks.REPLICATED && partition.topic().config().values().minInSyncReplicas > 1) {
                failed(Errors.NOT_ENOUGH_REPLICAS);
            } else {
                partition.whenOpen(this);
            }
        }

        @Override
        public void opened(RetainedLog log) {
            switch (validator.validate(batch, request.version(), partition.topic().config().values(), clock.nowMs())) {
                case BatchValidator.Refused refused -> refused(refused);
                case BatchValidator.Accepted took -> {
                    batch = took.batch();
                    accepted = true;
                    answer.setLogAppendTimeMs(took.logAppendTimeMs());
                    producerId = Batch.producerId(batch, batch.readerIndex());
                    if (needsVerification()) {
                        verify();
                    } else {
                        append();
                    }
                }
            }
        }

        private void refused(BatchValidator.Refused refused) {
            answer.setRecordErrors(refused.records());
            Production.this.failed(answer, refused.error(), refused.message());
        }

        private boolean isTransactional() {
            return Batch.isTransactional(batch, batch.readerIndex());
        }

        private boolean needsVerification() {
            return isTransactional() && !partition.states().inTransaction(producerId,
                    Batch.producerEpoch(batch, batch.readerIndex()));
        }

        private void verify() {
            String id = data.transactionalId();
            if (id == null || !access.allowed(request, AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, id)) {
                failed(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
                return;
            }
            partition.verifications().begin(producerId, Batch.baseSequence(batch, batch.readerIndex()));
            gate.admit(id, producerId, Batch.producerEpoch(batch, batch.readerIndex()), partition,
                    request.version() >= ADDS_PARTITIONS, this);
        }

        @Override
        public void decided(Errors error) {
            if (error == Errors.NONE) {
                verified();
            } else {
                failed(knownToProducers(error));
            }
            partition.verifications().end(producerId);
        }

        private void verified() {
            boolean first = partition.states().of(producerId) != null || partition.verifications()
                    .isFirst(producerId, Batch.baseSequence(batch, batch.readerIndex()));
            if (first) {
                append();
            } else {
                failed(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
            }
        }

        /** Errors of a coordinator that old producers do not retry become one that they do (KIP-890). */
        private Errors knownToProducers(Errors error) {
            return switch (error) {
                case NETWORK_EXCEPTION, COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR ->
                    Errors.NOT_ENOUGH_REPLICAS;
                case CONCURRENT_TRANSACTIONS ->
                    request.version() >= ADDS_PARTITIONS ? error : Errors.NOT_ENOUGH_REPLICAS;
                case TRANSACTION_ABORTABLE ->
                    request.version() >= KNOWS_ABORTABLE ? error : Errors.INVALID_TXN_STATE;
                default -> error;
            };
        }

        private void append() {
            if (producerId >= 0 && !mayFollow()) {
                return;
            }
            ByteBuf taken = batch;
            accepted = false;
            try {
                partition.append(taken, acks, this);
            } catch (LogException e) {
                failed(Errors.KAFKA_STORAGE_ERROR);
            }
        }

        private boolean mayFollow() {
            int at = batch.readerIndex();
            ProducerState state = partition.states().of(producerId);
            int duplicate = state == null
                    ? -1
                    : state.find(Batch.producerEpoch(batch, at), Batch.baseSequence(batch, at),
                            RecordBatch.lastOffsetDelta(batch, at));
            if (state != null && duplicate >= 0) {
                release();
                long last = state.lastOffset(duplicate);
                partition.await(last - state.offsetDelta(duplicate), last + 1, acks, this);
                return false;
            }
            Errors wrong = ProducerStates.check(batch, at, state,
                    isTransactional() && request.version() >= ADDS_PARTITIONS);
            if (wrong != Errors.NONE) {
                failed(wrong);
            }
            return wrong == Errors.NONE;
        }

        @Override
        public void done(long baseOffset) {
            answer.setBaseOffset(baseOffset).setLogStartOffset(partition.logStartOffset());
            oneDone();
        }

        @Override
        public void failed(Errors why) {
            release();
            Production.this.failed(answer, why, null);
        }

        private void release() {
            if (accepted) {
                accepted = false;
                batch.release();
            }
        }
    }
}
