// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups by Kafka's own Java client, in the classic protocol and in that of KIP-848. */
class ConsumerGroupTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);

    @TempDir
    Path folder;

    private LiveNode node;

    @BeforeEach
    void start() {
        node = LiveNode.start(folder.resolve("data")).topic("orders", 2);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aMemberThatComesBackResumesWhereItCommitted(String protocol) {
        GroupClient.produce(node, "orders", 2, 0, 10);
        try (GroupClient first = GroupClient.of(node, "billing", protocol).subscribe("orders")) {
            assertThat(first.receive(10)).hasSize(10);
            first.consumer.commitSync();
        }
        GroupClient.produce(node, "orders", 2, 10, 4);

        try (GroupClient again = GroupClient.of(node, "billing", protocol).subscribe("orders")) {
            assertThat(again.receive(4)).containsExactlyInAnyOrder("v10", "v11", "v12", "v13");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void membersShareThePartitionsAndWhoStaysTakesOver(String protocol) {
        try (GroupClient stays = GroupClient.of(node, "billing", protocol).subscribe("orders")) {
            stays.assigned(2);
            GroupClient leaves = GroupClient.of(node, "billing", protocol).subscribe("orders");
            GroupClient.balance(List.of(stays, leaves), 1);
            Set<String> all = new HashSet<>(stays.assignment());
            all.addAll(leaves.assignment());
            assertThat(all).containsExactlyInAnyOrder("orders-0", "orders-1");

            leaves.close();

            assertThat(stays.assigned(2)).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aCommittedOffsetKeepsItsMetadataAndLeaderEpoch(String protocol) {
        OffsetAndMetadata committed = new OffsetAndMetadata(5, Optional.of(0), "half of the file");
        try (GroupClient member = GroupClient.of(node, "billing", protocol).subscribe("orders")) {
            member.assigned(2);

            member.consumer.commitSync(Map.of(FIRST, committed));

            assertThat(member.consumer.committed(Set.of(FIRST))).containsEntry(FIRST, committed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aMemberGoesOnWhenTheBrokerStartsAgain(String protocol) {
        GroupClient.produce(node, "orders", 2, 0, 6);
        try (GroupClient before = GroupClient.of(node, "billing", protocol).subscribe("orders")) {
            before.receive(6);
            before.consumer.commitSync();
        }

        node = node.restarted();

        GroupClient.produce(node, "orders", 2, 6, 2);
        try (GroupClient after = GroupClient.of(node, "billing", protocol).subscribe("orders")) {
            assertThat(after.receive(2)).containsExactlyInAnyOrder("v6", "v7");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void whatWasCommittedIsThereAfterTheProcessWasKilled(String protocol) throws IOException {
        GroupClient.produce(node, "orders", 2, 0, 6);
        try (GroupClient member = GroupClient.of(node, "billing", protocol).subscribe("orders")) {
            member.receive(6);
            member.consumer.commitSync();

            node = node.killedAndStartedIn(folder.resolve("copy"));
        }

        GroupClient.produce(node, "orders", 2, 6, 2);
        try (GroupClient other = GroupClient.of(node, "billing", protocol,
                Map.of("group.instance.id", "another")).subscribe("orders")) {
            assertThat(other.consumer.committed(Set.of(FIRST))).hasEntrySatisfying(FIRST,
                    offset -> assertThat(offset.offset()).isEqualTo(3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aStaticMemberThatComesBackGetsItsPartitionsWithoutDisturbingOthers(String protocol) {
        try (GroupClient other = GroupClient.of(node, "billing", protocol, Map.of("group.instance.id", "b"))
                .subscribe("orders")) {
            GroupClient first = GroupClient.of(node, "billing", protocol, Map.of("group.instance.id", "a"))
                    .subscribe("orders");
            GroupClient.balance(List.of(other, first), 1);
            Set<String> mine = first.assignment();
            Set<String> others = other.assignment();
            first.close();

            try (GroupClient again = GroupClient.of(node, "billing", protocol, Map.of("group.instance.id", "a"))
                    .subscribe("orders")) {
                again.assigned(1);

                assertThat(again.assignment()).isEqualTo(mine);
                assertThat(other.assignment()).isEqualTo(others);
            }
        }
    }

    @Test
    void classicMembersRebalanceCooperatively() {
        Map<String, Object> cooperative = Map.of("partition.assignment.strategy",
                CooperativeStickyAssignor.class.getName());
        try (GroupClient one = GroupClient.of(node, "billing", "classic", cooperative).subscribe("orders")) {
            one.assigned(2);
            try (GroupClient two = GroupClient.of(node, "billing", "classic", cooperative).subscribe("orders")) {
                GroupClient.balance(List.of(one, two), 1);

                assertThat(one.assignment()).doesNotContainAnyElementsOf(two.assignment());
            }
        }
    }

    @Test
    void aGroupMayBeOfferedARangeAssignorByTheBroker() {
        node.topic("refunds", 2);
        Map<String, Object> range = Map.of("group.remote.assignor", "range");
        try (GroupClient one = GroupClient.of(node, "billing", "consumer", range).subscribe("orders", "refunds");
                GroupClient two = GroupClient.of(node, "billing", "consumer", range).subscribe("orders", "refunds")) {
            GroupClient.balance(List.of(one, two), 2);

            assertThat(one.assignment()).isIn(Set.of("orders-0", "refunds-0"), Set.of("orders-1", "refunds-1"));
        }
    }

    @Test
    void aRegularExpressionIsMatchedByTheBrokerAlsoWithTopicsThatComeLater() {
        try (GroupClient member = GroupClient.of(node, "billing", "consumer")) {
            member.consumer.subscribe(new SubscriptionPattern("ord.*"));
            member.assigned(2);

            node.topic("ordinals", 1).topic("refunds", 1);

            assertThat(member.assigned(3)).contains(new TopicPartition("ordinals", 0));
        }
    }

    @Test
    void aClassicGroupMovesToTheNewProtocolMemberByMember() {
        GroupClient.produce(node, "orders", 2, 0, 4);
        GroupClient classic = GroupClient.of(node, "billing", "classic").subscribe("orders");
        classic.receive(4);
        classic.consumer.commitSync();
        try (GroupClient upgraded = GroupClient.of(node, "billing", "consumer").subscribe("orders")) {
            GroupClient.balance(List.of(classic, upgraded), 1);

            classic.close();

            upgraded.assigned(2);
            GroupClient.produce(node, "orders", 2, 4, 2);
            assertThat(upgraded.receive(2)).containsExactlyInAnyOrder("v4", "v5");
        }
    }

    @Test
    void partitionsThatAreAddedAreAssigned() {
        try (GroupClient member = GroupClient.of(node, "billing", "consumer").subscribe("orders")) {
            member.assigned(2);

            node.grow("orders", 4);

            assertThat(member.assigned(4)).hasSize(4);
        }
    }
}
