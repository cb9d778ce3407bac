// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import java.nio.ByteBuffer;
import java.util.List;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.RawKafka;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A member of a classic group, request by request. */
final class RawGroup {
    private RawGroup() {}

    static JoinGroupRequestData join(String group, String memberId, String topic, int sessionTimeoutMs) {
        ByteBuffer subscription = ConsumerProtocol
                .serializeSubscription(new ConsumerPartitionAssignor.Subscription(List.of(topic)));
        byte[] metadata = new byte[subscription.remaining()];
        subscription.get(metadata);
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(metadata));
        return new JoinGroupRequestData().setGroupId(group).setMemberId(memberId).setProtocolType("consumer")
                .setProtocols(protocols).setSessionTimeoutMs(sessionTimeoutMs).setRebalanceTimeoutMs(1_000);
    }

    static SyncGroupRequestData sync(String group, String memberId, int generation) {
        return new SyncGroupRequestData().setGroupId(group).setMemberId(memberId).setGenerationId(generation)
                .setProtocolType("consumer").setProtocolName("range").setAssignments(List.of());
    }

    /** Joins, syncs, and is never heard of again; gives the generation. */
    static int joinAndVanish(Kafka kafka, String group, String topic, int sessionTimeoutMs) throws Exception {
        RawKafka raw = kafka.raw();
        JoinGroupResponseData first = raw.call(join(group, "", topic, sessionTimeoutMs), 9,
                new JoinGroupResponseData());
        if (Errors.forCode(first.errorCode()) != Errors.MEMBER_ID_REQUIRED) {
            throw new AssertionError("a member must be given an id first, but: " + first);
        }
        JoinGroupResponseData joined = raw.call(join(group, first.memberId(), topic, sessionTimeoutMs), 9,
                new JoinGroupResponseData());
        raw.call(sync(group, first.memberId(), joined.generationId()), 5, new SyncGroupResponseData());
        return joined.generationId();
    }
}
