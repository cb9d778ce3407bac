// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;

/** The acknowledgements of one request: does them, and tells when all are durable or refused. Thread: the owner. */
final class Acknowledging {
    private final ShareGroups groups;
    private final Request request;
    private final String memberId;
    private final Map<SharePartitionId, Errors> results = new LinkedHashMap<>();
    private final Consumer<Map<SharePartitionId, Errors>> done;
    private int left = 1;

    private Acknowledging(ShareGroups groups, Request request, String memberId,
            Consumer<Map<SharePartitionId, Errors>> done) {
        this.groups = groups;
        this.request = request;
        this.memberId = memberId;
        this.done = done;
    }

    /**
     * Does them.
     *
     * @param renewing whether the request says that it renews locks
     * @param done     told once, with a result for each partition
     */
    static void all(ShareGroups groups, Request request, String memberId,
            Map<SharePartitionId, List<Acknowledgement>> wanted, boolean renewing,
            Consumer<Map<SharePartitionId, Errors>> done) {
        Acknowledging one = new Acknowledging(groups, request, memberId, done);
        Map<SharePartitionId, List<Acknowledgement>> valid = new HashMap<>();
        wanted.forEach((id, acknowledgements) -> {
            Errors error = one.refusal(id, acknowledgements, renewing);
            one.results.put(id, error);
            if (error == Errors.NONE && !acknowledgements.isEmpty()) {
                valid.put(id, acknowledgements);
            }
        });
        valid.forEach(one::acknowledge);
        one.oneDone();
    }

    private Errors refusal(SharePartitionId id, List<Acknowledgement> acknowledgements, boolean renewing) {
        Topic topic = groups.context().topics().byId(id.topicId());
        if (topic == null) {
            return Errors.UNKNOWN_TOPIC_ID;
        }
        if (!Acknowledgement.areValid(acknowledgements, renewing)) {
            return Errors.INVALID_REQUEST;
        }
        if (!groups.access().allowsTopic(request, AclOperation.READ, topic.name())) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return topic.partition(id.partition()) == null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.NONE;
    }

    private void acknowledge(SharePartitionId id, List<Acknowledgement> acknowledgements) {
        SharePartition partition = groups.partitions().find(id);
        if (partition == null) {
            results.put(id, Errors.UNKNOWN_TOPIC_OR_PARTITION); // as Kafka: nobody has acquired from it
            return;
        }
        left++;
        partition.acknowledge(memberId, acknowledgements, error -> {
            results.put(id, error);
            oneDone();
        });
    }

    private void oneDone() {
        left--;
        if (left == 0) {
            done.accept(results);
        }
    }
}
