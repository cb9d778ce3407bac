// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups as operators see and change them, by Kafka's own administration client. */
class GroupAdminTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);

    @TempDir
    Path folder;

    private LiveNode node;
    private Admin admin;

    @BeforeEach
    void start() {
        node = LiveNode.start(folder).topic("orders", 2);
        admin = GroupClient.admin(node);
    }

    @AfterEach
    void stop() {
        admin.close();
        node.close();
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(30, java.util.concurrent.TimeUnit.SECONDS);
    }

    private void commit(String group, long offset) throws Exception {
        get(admin.alterConsumerGroupOffsets(group, Map.of(FIRST, new OffsetAndMetadata(offset))).all());
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(String group) throws Exception {
        return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }

    @Test
    void groupsOfBothProtocolsAreListedWithTypeAndState() throws Exception {
        try (GroupClient classic = GroupClient.of(node, "old", "classic").subscribe("orders");
                GroupClient modern = GroupClient.of(node, "new", "consumer").subscribe("orders")) {
            classic.assigned(2);
            modern.assigned(2);

            assertThat(get(admin.listGroups().all())).contains(
                    new GroupListing("old", Optional.of(GroupType.CLASSIC), "consumer", Optional.of(GroupState.STABLE)),
                    new GroupListing("new", Optional.of(GroupType.CONSUMER), "consumer",
                            Optional.of(GroupState.STABLE)));
        }
    }

    @Test
    void aDescriptionNamesMembersAndTheirPartitions() throws Exception {
        for (String protocol : List.of("classic", "consumer")) {
            try (GroupClient member = GroupClient.of(node, protocol, protocol).subscribe("orders")) {
                member.assigned(2);

                var described = get(admin.describeConsumerGroups(List.of(protocol)).all()).values();

                assertThat(described).singleElement().satisfies(group -> {
                    assertThat(group.groupState()).isEqualTo(GroupState.STABLE);
                    assertThat(group.members()).singleElement().satisfies(each -> {
                        assertThat(each.host()).isEqualTo("/127.0.0.1");
                        assertThat(each.assignment().topicPartitions()).hasSize(2);
                    });
                });
            }
        }
    }

    @Test
    void allOffsetsOfAGroupAreListed() throws Exception {
        commit("billing", 7);

        assertThat(offsets("billing")).containsOnlyKeys(FIRST).hasEntrySatisfying(FIRST,
                offset -> assertThat(offset.offset()).isEqualTo(7));
    }

    @Test
    void anOffsetForATopicThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> get(admin.alterConsumerGroupOffsets("billing",
                Map.of(new TopicPartition("absent", 0), new OffsetAndMetadata(1))).all()))
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        assertThatThrownBy(() -> get(admin.alterConsumerGroupOffsets("billing",
                Map.of(new TopicPartition("orders", 9), new OffsetAndMetadata(1))).all()))
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void anEmptyGroupIsDeletedAndOneWithMembersIsNot() throws Exception {
        commit("idle", 1);
        try (GroupClient member = GroupClient.of(node, "busy", "consumer").subscribe("orders")) {
            member.assigned(2);

            get(admin.deleteConsumerGroups(Set.of("idle")).all());

            assertThatThrownBy(() -> get(admin.deleteConsumerGroups(Set.of("busy")).all()))
                    .hasCauseInstanceOf(GroupNotEmptyException.class);
            assertThatThrownBy(() -> get(admin.deleteConsumerGroups(Set.of("idle")).all()))
                    .hasCauseInstanceOf(GroupIdNotFoundException.class);
        }
    }

    @Test
    void offsetsAreDeletedUnlessAMemberSubscribesToTheirTopic() throws Exception {
        commit("billing", 1);
        get(admin.deleteConsumerGroupOffsets("billing", Set.of(FIRST)).all());
        assertThat(offsets("billing")).isEmpty();

        try (GroupClient member = GroupClient.of(node, "billing", "consumer").subscribe("orders")) {
            member.assigned(2);
            assertThatThrownBy(() -> get(admin.deleteConsumerGroupOffsets("billing", Set.of(FIRST)).all()))
                    .hasCauseInstanceOf(GroupSubscribedToTopicException.class);
        }
    }

    @Test
    void offsetsGoWithTheirTopic() throws Exception {
        commit("billing", 3);

        node.deleteTopic("orders");
        node.topic("orders", 2);

        awaitNoOffsets("billing");
    }

    @Test
    void offsetsGoWithATopicThatIsDeletedBeforeAnybodyAskedForAGroup() throws Exception {
        commit("billing", 3);
        admin.close();
        node = node.restarted();
        assertThat(node.onOwner(() -> node.groups().isStarted())).isFalse();

        node.deleteTopic("orders");

        node.topic("orders", 2);
        admin = GroupClient.admin(node);
        awaitNoOffsets("billing");
    }

    @Test
    void groupsBeginAnewWhereTheirOwnTopicIsDeleted() throws Exception {
        commit("billing", 3);

        node.deleteTopic("__consumer_offsets");

        assertThat(offsets("billing")).isEmpty();
        commit("billing", 5);
        assertThat(offsets("billing")).containsOnlyKeys(FIRST);
    }

    /** The coordinator is told of a deletion in the background, as Kafka's is. */
    private void awaitNoOffsets(String group) throws Exception {
        for (int tries = 0; !offsets(group).isEmpty(); tries++) {
            assertThat(tries).isLessThan(1_000);
        }
    }
}
