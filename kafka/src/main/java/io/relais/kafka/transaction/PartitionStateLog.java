// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import io.netty.buffer.Unpooled;
import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.log.LogException;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** A partition of {@code __transaction_state}. Thread: the owner. */
final class PartitionStateLog implements StateLog {
    private final Partition partition;
    private final Owner owner;

    PartitionStateLog(Partition partition, Owner owner) {
        this.partition = partition;
        this.owner = owner;
    }

    @Override
    public void load(Visitor visitor, ErrorListener done) {
        partition.whenOpen(new Partition.OpenListener() {
            @Override
            public void opened(RetainedLog log) {
                partition.scan(0, (offset, count, bytes) -> visitor
                        .batches(MemoryRecords.readableRecords(bytes.nioBuffer())))
                        .whenComplete((all, error) -> owner.execute(
                                () -> done.done(error == null
                                        ? Errors.NONE
                                        : coordinatorError(Errors.KAFKA_STORAGE_ERROR))));
            }

            @Override
            public void failed(Errors why) {
                done.done(coordinatorError(why));
            }
        });
    }

    @Override
    public void append(MemoryRecords records, ErrorListener done) {
        try {
            partition.append(Unpooled.wrappedBuffer(records.buffer()), new Partition.AppendListener() {
                @Override
                public void done(long baseOffset) {
                    done.done(Errors.NONE);
                }

                @Override
                public void failed(Errors why) {
                    done.done(coordinatorError(why));
                }
            });
        } catch (LogException e) {
            done.done(coordinatorError(Errors.KAFKA_STORAGE_ERROR));
        }
    }

    /** What a client is told: it looks for the coordinator again, and comes again. */
    private static Errors coordinatorError(Errors why) {
        return why == Errors.UNKNOWN_TOPIC_OR_PARTITION ? Errors.COORDINATOR_NOT_AVAILABLE : Errors.NOT_COORDINATOR;
    }
}
