// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import static io.relais.kafka.LiveKafka.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.relais.kafka.CountingLogs;
import io.relais.kafka.KafkaSettings;
import io.relais.kafka.LiveKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics and configurations through Kafka's own administrator. */
class AdminTest {
    private final Path folder;
    private LiveKafka kafka;
    private Admin admin;

    AdminTest(@TempDir Path folder) {
        this.folder = folder;
        kafka = LiveKafka.start(folder);
        admin = kafka.admin();
    }

    @AfterEach
    void stop() {
        admin.close();
        kafka.close();
    }

    private void restart() {
        stop();
        kafka = LiveKafka.start(folder);
        admin = kafka.admin();
    }

    private static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, (short) 1);
    }

    private CreateTopicsResult create(NewTopic... topics) throws Exception {
        CreateTopicsResult result = admin.createTopics(List.of(topics));
        await(result.all());
        return result;
    }

    private TopicDescription describe(String name) throws Exception {
        return requireNonNull(await(admin.describeTopics(List.of(name)).allTopicNames()).get(name));
    }

    private Config configs(ConfigResource resource) throws Exception {
        return requireNonNull(await(admin.describeConfigs(List.of(resource)).all()).get(resource));
    }

    private void alter(ConfigResource resource, String name, String value, OpType operation) throws Exception {
        await(admin.incrementalAlterConfigs(
                Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(name, value), operation)))).all());
    }

    private static ConfigResource ofTopic(String name) {
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
    }

    private static ConfigResource ofBroker(String name) {
        return new ConfigResource(ConfigResource.Type.BROKER, name);
    }

    @Nested
    class WhenATopicIsCreated {

        @Test
        void itsIdAndConfigurationAreToldAndStay() throws Exception {
            CreateTopicsResult result = create(topic("orders", 3).configs(Map.of("retention.ms", "1000")));

            assertThat(await(result.numPartitions("orders"))).isEqualTo(3);
            assertThat(await(result.config("orders")).get("retention.ms").value()).isEqualTo("1000");
            restart();
            assertThat(describe("orders").topicId()).isEqualTo(await(result.topicId("orders")));
            assertThat(describe("orders").partitions()).hasSize(3);
            assertThat(configs(ofTopic("orders")).get("retention.ms").source())
                    .isEqualTo(ConfigSource.DYNAMIC_TOPIC_CONFIG);
        }

        @Test
        void whatCannotBeIsRefused() throws Exception {
            create(topic("a.b", 1));

            assertThatThrownBy(() -> create(topic("a.b", 1))).isInstanceOf(TopicExistsException.class)
                    .hasMessage("Topic 'a.b' already exists.");
            assertThatThrownBy(() -> create(topic("a_b", 1))).isInstanceOf(InvalidTopicException.class)
                    .hasMessage("Topic 'a_b' collides with existing topic: a.b");
            assertThatThrownBy(() -> create(topic("a b", 1))).isInstanceOf(InvalidTopicException.class);
            assertThatThrownBy(() -> create(new NewTopic("two", 1, (short) 2)))
                    .isInstanceOf(InvalidReplicationFactorException.class);
            assertThatThrownBy(() -> create(topic("none", 0))).isInstanceOf(InvalidPartitionsException.class);
            assertThatThrownBy(() -> create(topic("many", 10_001))).isInstanceOf(PolicyViolationException.class);
            assertThatThrownBy(() -> create(topic("odd", 1).configs(Map.of("no.such", "1"))))
                    .isInstanceOf(InvalidConfigurationException.class);
            assertThatThrownBy(() -> create(topic("tiered", 1).configs(Map.of("remote.storage.enable", "true"))))
                    .isInstanceOf(InvalidConfigurationException.class);
            assertThatThrownBy(() -> create(new NewTopic("far", Map.of(0, List.of(7)))))
                    .isInstanceOf(InvalidReplicaAssignmentException.class);
            assertThat(await(admin.listTopics().names())).containsExactly("a.b");
        }

        @Test
        void aTrialCreatesNothing() throws Exception {
            CreateTopicsResult result = admin.createTopics(List.of(topic("maybe", 2)),
                    new CreateTopicsOptions().validateOnly(true));

            assertThat(await(result.numPartitions("maybe"))).isEqualTo(2);
            assertThat(await(admin.listTopics().names())).isEmpty();
        }

        @Test
        void partitionsArePutByHandWhereThereIsOneChoice() throws Exception {
            create(new NewTopic("placed", Map.of(0, List.of(1), 1, List.of(1))));

            assertThat(describe("placed").partitions()).hasSize(2);
        }
    }

    @Test
    void aTopicGrowsAndNeverShrinks() throws Exception {
        create(topic("growing", 1));

        await(admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(4))).all());

        assertThat(describe("growing").partitions()).hasSize(4);
        assertThatThrownBy(
                () -> await(admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(4))).all()))
                .isInstanceOf(InvalidPartitionsException.class).hasMessage("Topic already has 4 partition(s).");
        assertThatThrownBy(
                () -> await(admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(2))).all()))
                .isInstanceOf(InvalidPartitionsException.class);
    }

    @Test
    void aTopicIsDeletedByNameOrById() throws Exception {
        create(topic("one", 1), topic("two", 1));
        var id = describe("two").topicId();

        await(admin.deleteTopics(List.of("one")).all());
        await(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all());

        assertThat(await(admin.listTopics().names())).isEmpty();
        assertThatThrownBy(() -> await(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(id))).all()))
                .isInstanceOf(UnknownTopicIdException.class);
        create(topic("one", 2));
        assertThat(describe("one").partitions()).hasSize(2);
    }

    @Nested
    class WhenConfigurationsChange {

        @Test
        void listsGrowAndShrinkFromWhatHoldsByDefault() throws Exception {
            create(topic("t", 1));

            alter(ofTopic("t"), "cleanup.policy", "compact", OpType.APPEND);
            assertThat(configs(ofTopic("t")).get("cleanup.policy").value()).isEqualTo("delete,compact");
            alter(ofTopic("t"), "cleanup.policy", "delete", OpType.SUBTRACT);

            assertThat(configs(ofTopic("t")).get("cleanup.policy").value()).isEqualTo("compact");
            assertThatThrownBy(() -> alter(ofTopic("t"), "retention.ms", "1", OpType.APPEND))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessage("Can't APPEND to key retention.ms because its type is not LIST.");
        }

        @Test
        void whatIsSetOfTheBrokerHoldsForTopicsThatSaidNothing() throws Exception {
            create(topic("plain", 1), topic("own", 1).configs(Map.of("retention.ms", "5")));

            alter(ofBroker(""), "log.retention.ms", "100", OpType.SET);
            alter(ofBroker("1"), "log.retention.ms", "200", OpType.SET);

            assertThat(configs(ofTopic("plain")).get("retention.ms").value()).isEqualTo("200");
            assertThat(configs(ofTopic("plain")).get("retention.ms").source())
                    .isEqualTo(ConfigSource.DYNAMIC_BROKER_CONFIG);
            assertThat(configs(ofTopic("own")).get("retention.ms").value()).isEqualTo("5");
            restart();
            assertThat(configs(ofTopic("plain")).get("retention.ms").value()).isEqualTo("200");
            alter(ofBroker("1"), "log.retention.ms", "", OpType.DELETE);
            assertThat(configs(ofTopic("plain")).get("retention.ms").value()).isEqualTo("100");
            alter(ofBroker(""), "log.retention.ms", "", OpType.DELETE);
            assertThat(configs(ofTopic("plain")).get("retention.ms").isDefault()).isTrue();
        }

        @Test
        void whatHasNoEffectCannotBeSet() {
            assertThatThrownBy(() -> alter(ofBroker("1"), "num.io.threads", "7", OpType.SET))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("Cannot update these configs dynamically");
        }

        @Test
        void groupsAndClientMetricsKeepTheirs() throws Exception {
            ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "a group/with: odd%name");
            ConfigResource metrics = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "m");
            alter(group, "consumer.session.timeout.ms", "50000", OpType.SET);
            alter(metrics, "match", "client_id=app.*", OpType.SET);

            restart();

            assertThat(configs(group).get("consumer.session.timeout.ms").value()).isEqualTo("50000");
            assertThat(configs(metrics).get("match").value()).isEqualTo("client_id=app.*");
            assertThat(await(admin.listConfigResources(Set.of(ConfigResource.Type.GROUP),
                    new org.apache.kafka.clients.admin.ListConfigResourcesOptions()).all())).containsExactly(group);
            assertThatThrownBy(() -> alter(metrics, "match", "client_id=(", OpType.SET))
                    .isInstanceOf(InvalidConfigurationException.class);
            assertThatThrownBy(() -> alter(group, "consumer.session.timeout.ms", "1", OpType.SET))
                    .isInstanceOf(InvalidConfigurationException.class);
        }
    }

    @Nested
    class GivenTenThousandPartitions {

        @Test
        void noLogIsOpenedUntilItIsUsed(@TempDir Path other) throws Exception {
            try (LiveKafka first = LiveKafka.start(other); Admin client = first.admin()) {
                List<NewTopic> topics = new ArrayList<>();
                for (int i = 0; i < 90; i++) {
                    topics.add(new NewTopic("topic-" + i, Optional.of(100), Optional.empty()));
                }
                await(client.createTopics(topics).all());
                await(client.createTopics(List.of(topic("large", 1_000))).all());
            }
            CountingLogs.Counter counter = new CountingLogs.Counter();
            try (LiveKafka again = LiveKafka.start(other, KafkaSettings.DEFAULT, counter);
                    Admin client = again.admin()) {
                assertThat(await(client.listTopics().names())).hasSize(91);
                assertThat(await(client.describeTopics(List.of("large")).allTopicNames())).hasValueSatisfying(
                        new org.assertj.core.api.Condition<>(topic -> topic.partitions().size() == 1_000, "all"));
                assertThat(counter.opened()).isLessThan(10);
            }
        }
    }
}
