// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import static org.apache.kafka.common.internals.Topic.GROUP_METADATA_TOPIC_NAME;

import java.util.function.Supplier;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.topic.Topics;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Writes markers to the partitions of this node: to those of {@code __consumer_offsets} through the group coordinator. Thread: the owner. */
final class PartitionMarkers implements Markers {
    private final Topics topics;
    private final Supplier<@Nullable OffsetTransactions> offsets;
    private final Owner owner;

    PartitionMarkers(Topics topics, Supplier<@Nullable OffsetTransactions> offsets, Owner owner) {
        this.topics = topics;
        this.offsets = offsets;
        this.owner = owner;
    }

    @Override
    public void write(TopicPartition target, Marker marker, ErrorListener done) {
        Partition partition = topics.partition(target.topic(), target.partition());
        if (partition == null) {
            done.done(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        } else if (target.topic().equals(GROUP_METADATA_TOPIC_NAME)) {
            writeOffsets(target.partition(), marker, done);
        } else {
            partition.whenOpen(new Partition.OpenListener() {
                @Override
                public void opened(RetainedLog log) {
                    partition.appendMarker(marker.producerId(), marker.epoch(), marker.commit(),
                            marker.coordinatorEpoch(), new Partition.AppendListener() {
                                @Override
                                public void done(long baseOffset) {
                                    done.done(Errors.NONE);
                                }

                                @Override
                                public void failed(Errors why) {
                                    done.done(why);
                                }
                            });
                }

                @Override
                public void failed(Errors why) {
                    done.done(why);
                }
            });
        }
    }

    private void writeOffsets(int partition, Marker marker, ErrorListener done) {
        OffsetTransactions groups = offsets.get();
        if (groups == null) {
            done.done(Errors.NOT_LEADER_OR_FOLLOWER); // not started yet: it is tried again
            return;
        }
        groups.completeTransaction(partition, marker.producerId(), marker.epoch(), marker.coordinatorEpoch(),
                marker.commit(), marker.transactionVersion())
                .whenComplete((ended, error) -> owner
                        .execute(
                                () -> done.done(error == null ? Errors.NONE : translated(Errors.forException(error)))));
    }

    /** A group coordinator that is not ready is like a partition that has no leader: it is tried again. */
    private static Errors translated(Errors error) {
        return switch (error) {
            case COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR ->
                Errors.NOT_LEADER_OR_FOLLOWER;
            default -> error;
        };
    }
}
