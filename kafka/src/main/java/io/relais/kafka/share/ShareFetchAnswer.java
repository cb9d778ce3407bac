// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import io.relais.kafka.wire.Request;
import io.relais.kafka.wire.SliceRecords;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.message.ShareFetchResponseData.ShareFetchableTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** The answer to a ShareFetch, while it comes together: records, and what became of acknowledgements. Sent when all its parts are done. Thread: the owner. */
final class ShareFetchAnswer {
    private final Request request;
    private final ShareFetchResponseData response = new ShareFetchResponseData();
    private long recordBytes;
    private int left;

    ShareFetchAnswer(Request request, int lockDurationMs) {
        this.request = request;
        response.setAcquisitionLockTimeoutMs(lockDurationMs);
    }

    /** How many parts there are. */
    void expect(int parts) {
        left = parts;
    }

    private PartitionData partition(SharePartitionId id) {
        ShareFetchableTopicResponse topic = response.responses().find(id.topicId());
        if (topic == null) {
            topic = new ShareFetchableTopicResponse().setTopicId(id.topicId());
            response.responses().add(topic);
        }
        for (PartitionData known : topic.partitions()) {
            if (known.partitionIndex() == id.partition()) {
                return known;
            }
        }
        PartitionData partition = new PartitionData().setPartitionIndex(id.partition())
                .setRecords(MemoryRecords.EMPTY);
        topic.partitions().add(partition);
        return partition;
    }

    void acknowledged(SharePartitionId id, Errors error) {
        partition(id).setAcknowledgeErrorCode(error.code())
                .setAcknowledgeErrorMessage(error == Errors.NONE ? null : error.message());
    }

    void failed(SharePartitionId id, Errors error) {
        partition(id).setErrorCode(error.code()).setErrorMessage(error.message());
    }

    void acquired(SharePartitionId id, BaseRecords records, Iterable<Acquisition> acquisitions) {
        PartitionData partition = partition(id).setRecords(records);
        recordBytes += records.sizeInBytes();
        acquisitions.forEach(each -> partition.acquiredRecords()
                .add(new ShareFetchResponseData.AcquiredRecords().setFirstOffset(each.firstOffset())
                        .setLastOffset(each.lastOffset()).setDeliveryCount((short) each.deliveryCount())));
    }

    /** One part is done. */
    void partDone() {
        left--;
        if (left > 0) {
            return;
        }
        if (request.isGone()) {
            response.responses().forEach(topic -> topic.partitions().forEach(partition -> {
                if (partition.records() instanceof SliceRecords records) {
                    records.discard();
                }
            }));
            request.noResponse();
        } else {
            request.respond(response, recordBytes);
        }
    }
}
