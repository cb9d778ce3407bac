// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.group.GroupAccess;
import io.relais.kafka.group.GroupSettings;
import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Connection;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The delivery side of share groups (KIP-932): hands records of partitions to the members of groups. Who is a member, and of which partitions, the group coordinator says.
 *
 * <p>Thread: the owner.
 */
public final class ShareGroups {
    private final KafkaContext context;
    private final GroupAccess access;
    private final ShareConfig config;
    private final PartitionSource source;
    private final SharePartitions partitions;
    private final ShareSessions sessions;

    /**
     * @param state   the same that the group coordinator has
     * @param configs of groups
     * @param access  asked for READ on groups and topics
     */
    public ShareGroups(KafkaContext context, ShareState state, GroupSettings settings, GroupConfigs configs,
            GroupAccess access) {
        this.context = context;
        this.access = access;
        this.config = new ShareConfig(settings.coordinator(), settings.share(), configs);
        this.source = new PartitionSource(context.owner(), context.blocking());
        this.sessions = new ShareSessions(config::sessionsMax, this::ended);
        this.partitions = new SharePartitions(context.owner(), config, state.store(),
                new DeadLetterQueue(context.topics(), context.owner(), context.settings().partitions(), config, source),
                sessions::hasMembers);
        context.topics().onChange(partitions);
    }

    /** Adds what it answers: ShareFetch and ShareAcknowledge. */
    public void register(ApiTable apis) {
        apis.on(ApiKeys.SHARE_FETCH, new ShareFetchApi(this)::handle);
        apis.on(ApiKeys.SHARE_ACKNOWLEDGE, new ShareAcknowledgeApi(this)::handle);
    }

    /** A connection is gone: its members' sessions end, and what they had is available to others. */
    public void closed(Connection connection) {
        sessions.closed(connection);
    }

    private void ended(ShareSession session) {
        String groupId = session.key().groupId();
        partitions.releaseAll(groupId, session.key().memberId());
        if (!sessions.hasMembers(groupId)) {
            partitions.retire(groupId);
            config.forget(groupId);
        }
    }

    KafkaContext context() {
        return context;
    }

    GroupAccess access() {
        return access;
    }

    ShareConfig config() {
        return config;
    }

    PartitionSource source() {
        return source;
    }

    SharePartitions partitions() {
        return partitions;
    }

    ShareSessions sessions() {
        return sessions;
    }
}
