// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.kafka.fixture.Kafka.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** The cluster as administrators see it: one node that is leader of everything. */
@KafkaTest
class ClusterTest {

    private static Node node(Kafka kafka) throws Exception {
        return Kafka.await(kafka.admin().describeCluster().nodes()).iterator().next();
    }

    @Test
    void theClusterIsOneNodeWhichIsItsController(Kafka kafka) throws Exception {
        DescribeClusterResult cluster = kafka.admin().describeCluster();

        assertThat(Kafka.await(cluster.nodes())).singleElement()
                .satisfies(node -> assertThat(node.host() + ":" + node.port()).isEqualTo(kafka.bootstrap()));
        assertThat(Kafka.await(cluster.controller()).id()).isEqualTo(node(kafka).id());
        assertThat(Kafka.await(cluster.clusterId())).isNotEmpty();
        assertThat(Kafka.await(cluster.authorizedOperations())).as("only on request").isNull();
    }

    @Test
    void whatOneMayDoIsToldOnRequest(Kafka kafka) throws Exception {
        DescribeClusterResult cluster = kafka.admin()
                .describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true));

        assertThat(Kafka.await(cluster.authorizedOperations())).contains(AclOperation.CREATE, AclOperation.ALTER,
                AclOperation.DESCRIBE);
    }

    @Test
    void theClusterKeepsItsId(Kafka kafka) throws Exception {
        String id = Kafka.await(kafka.admin().describeCluster().clusterId());

        assertThat(Kafka.await(kafka.admin().describeCluster().clusterId())).isEqualTo(id);
    }

    @Test
    void featuresTellThatTransactionsAndGroupsAreOfTheNewKinds(Kafka kafka) throws Exception {
        FeatureMetadata features = Kafka.await(kafka.admin().describeFeatures().featureMetadata());

        assertThat(features.finalizedFeatures()).containsKeys("metadata.version", "transaction.version",
                "group.version", "share.version");
        assertThat(at(features.finalizedFeatures(), "transaction.version").maxVersionLevel())
                .isGreaterThanOrEqualTo((short) 2);
        assertThat(at(features.finalizedFeatures(), "group.version").maxVersionLevel())
                .isGreaterThanOrEqualTo((short) 1);
        assertThat(at(features.finalizedFeatures(), "share.version").maxVersionLevel())
                .isGreaterThanOrEqualTo((short) 1);
    }

    @Test
    void logDirectoriesTellTheSizeOfPartitions(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "x".repeat(1_000));
        int node = node(kafka).id();

        Map<String, LogDirDescription> dirs = Kafka
                .await(kafka.admin().describeLogDirs(List.of(node)).allDescriptions()).get(node);

        assertThat(dirs).hasSize(1);
        LogDirDescription dir = dirs.values().iterator().next();
        assertThat(dir.error()).isNull();
        assertThat(dir.totalBytes().orElseThrow()).isGreaterThan(dir.usableBytes().orElseThrow());
        var replica = at(dir.replicaInfos(), Kafka.partition(topic, 0));
        assertThat(replica.size()).isGreaterThan(1_000);
        assertThat(replica.offsetLag()).isZero();
        assertThat(replica.isFuture()).isFalse();
    }

    @Test
    void theQuorumIsTheNodeItself(Kafka kafka) throws Exception {
        QuorumInfo quorum = Kafka.await(kafka.admin().describeMetadataQuorum().quorumInfo());

        assertThat(quorum.leaderId()).isEqualTo(node(kafka).id());
        assertThat(quorum.voters()).singleElement()
                .satisfies(voter -> assertThat(voter.replicaId()).isEqualTo(node(kafka).id()));
        assertThat(quorum.observers()).isEmpty();
    }

    @Test
    void anElectionIsNotNeeded(Kafka kafka) throws Exception {
        TopicPartition partition = Kafka.partition(kafka.topic(), 0);

        var outcome = Kafka.await(kafka.admin().electLeaders(ElectionType.PREFERRED, Set.of(partition)).partitions());

        assertThat(outcome.get(partition)).containsInstanceOf(ElectionNotNeededException.class);
    }

    @Test
    void noReassignmentIsGoingOn(Kafka kafka) throws Exception {
        TopicPartition partition = Kafka.partition(kafka.topic(), 0);

        assertThat(Kafka.await(kafka.admin().listPartitionReassignments().reassignments())).isEmpty();
        assertThatThrownBy(
                () -> Kafka.await(kafka.admin().alterPartitionReassignments(Map.of(partition, Optional.empty())).all()))
                .isInstanceOf(NoReassignmentInProgressException.class);
    }

    @Test
    void aReassignmentToWhereThePartitionIsAlreadyIsDoneAtOnce(Kafka kafka) throws Exception {
        TopicPartition partition = Kafka.partition(kafka.topic(), 0);

        Kafka.await(kafka.admin().alterPartitionReassignments(
                Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(node(kafka).id()))))).all());

        assertThat(Kafka.await(kafka.admin().listPartitionReassignments().reassignments())).isEmpty();
    }

    @Test
    void aReassignmentToAnUnknownNodeIsRefused(Kafka kafka) throws Exception {
        TopicPartition partition = Kafka.partition(kafka.topic(), 0);

        assertThatThrownBy(() -> Kafka.await(kafka.admin().alterPartitionReassignments(
                Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(4711))))).all()))
                .isInstanceOf(InvalidReplicaAssignmentException.class);
    }

    @Test
    void manyPartitionsAreDescribedPageByPage(Kafka kafka) throws Exception {
        String topic = kafka.topic(5);
        var request = new DescribeTopicPartitionsRequestData().setTopics(List.of(new TopicRequest().setName(topic)))
                .setResponsePartitionLimit(3);

        DescribeTopicPartitionsResponseData page = kafka.raw().call(request, 0,
                new DescribeTopicPartitionsResponseData());

        var first = page.topics().iterator().next();
        assertThat(Errors.forCode(first.errorCode())).isEqualTo(Errors.NONE);
        assertThat(first.partitions()).extracting(p -> p.partitionIndex()).containsExactly(0, 1, 2);
        assertThat(page.nextCursor().topicName()).isEqualTo(topic);
        assertThat(page.nextCursor().partitionIndex()).isEqualTo(3);
        request.setCursor(new DescribeTopicPartitionsRequestData.Cursor().setTopicName(topic).setPartitionIndex(3));
        page = kafka.raw().call(request, 0, new DescribeTopicPartitionsResponseData());
        assertThat(page.topics().iterator().next().partitions()).extracting(p -> p.partitionIndex()).containsExactly(3,
                4);
        assertThat(page.nextCursor()).isNull();
    }
}
