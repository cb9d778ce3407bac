// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.TopicConfigs.alter;
import static io.relais.it.kafka.TopicConfigs.describe;
import static io.relais.it.kafka.TopicConfigs.get;
import static io.relais.it.kafka.TopicConfigs.resource;
import static io.relais.it.kafka.TopicConfigs.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.relais.it.fixture.OwnBroker;
import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configs of topics, the broker and groups: described, changed by parts (KIP-339), with where a value comes from (KIP-226). */
@KafkaTest
class ConfigTest {

    private static ConfigResource broker(Kafka kafka) throws Exception {
        return new ConfigResource(ConfigResource.Type.BROKER,
                Kafka.await(kafka.admin().describeCluster().nodes()).iterator().next().idString());
    }

    @Test
    void aConfigThatWasSetTellsWhereItComesFrom(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("retention.ms", "60000"));

        ConfigEntry entry = get(kafka, topic, "retention.ms");

        assertThat(entry.value()).isEqualTo("60000");
        assertThat(entry.source()).isEqualTo(ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(entry.isDefault()).isFalse();
        assertThat(entry.isReadOnly()).isFalse();
        assertThat(entry.isSensitive()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"cleanup.policy,delete", "compression.type,producer", "delete.retention.ms,86400000",
            "file.delete.delay.ms,1000",
            "flush.messages,9223372036854775807", "flush.ms,9223372036854775807", "index.interval.bytes,4096",
            "max.compaction.lag.ms,9223372036854775807", "max.message.bytes,1048588",
            "message.timestamp.after.max.ms,3600000",
            "message.timestamp.before.max.ms,9223372036854775807", "message.timestamp.type,CreateTime",
            "min.cleanable.dirty.ratio,0.5", "min.compaction.lag.ms,0", "min.insync.replicas,1", "preallocate,false",
            "retention.bytes,-1", "retention.ms,604800000", "segment.bytes,1073741824", "segment.index.bytes,10485760",
            "segment.jitter.ms,0", "segment.ms,604800000", "unclean.leader.election.enable,false",
            "remote.storage.enable,false",
            "local.retention.ms,-2", "local.retention.bytes,-2"})
    void everyConfigHasItsDefault(String name, String value, Kafka kafka) throws Exception {
        ConfigEntry entry = get(kafka, kafka.topic(), name);

        assertThat(entry).as(name).isNotNull();
        if (!name.equals("file.delete.delay.ms")) {
            assertThat(entry.value()).isEqualTo(value);
        }
    }

    @Test
    void synonymsShowTheValuesBelow(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("max.message.bytes", "60000"));

        ConfigEntry entry = describe(kafka, resource(topic), new DescribeConfigsOptions().includeSynonyms(true))
                .get("max.message.bytes");

        assertThat(entry.synonyms().getFirst().source()).isEqualTo(ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(entry.synonyms().getFirst().value()).isEqualTo("60000");
        assertThat(entry.synonyms()).extracting(ConfigEntry.ConfigSynonym::source)
                .contains(ConfigSource.DEFAULT_CONFIG);
    }

    @Test
    void documentationAndTypesComeOnRequest(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        ConfigEntry entry = describe(kafka, resource(topic), new DescribeConfigsOptions().includeDocumentation(true))
                .get("retention.ms");

        assertThat(entry.documentation()).isNotEmpty();
        assertThat(entry.type()).isEqualTo(ConfigEntry.ConfigType.LONG);
        assertThat(get(kafka, topic, "retention.ms").documentation()).isNull();
    }

    @Test
    void aConfigIsSetAndGoesBackToItsDefault(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        set(kafka, topic, "retention.ms", "1000");
        assertThat(get(kafka, topic, "retention.ms").value()).isEqualTo("1000");
        alter(kafka, resource(topic), "retention.ms", "", OpType.DELETE, false);

        assertThat(get(kafka, topic, "retention.ms").value()).isEqualTo("604800000");
    }

    @Test
    void aChangeLeavesOtherConfigsAlone(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("retention.ms", "60000"));

        set(kafka, topic, "max.message.bytes", "2000");

        assertThat(get(kafka, topic, "retention.ms").value()).isEqualTo("60000");
        assertThat(get(kafka, topic, "max.message.bytes").value()).isEqualTo("2000");
    }

    @Test
    void aListGrowsAndShrinks(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        alter(kafka, resource(topic), "cleanup.policy", "compact", OpType.APPEND, false);
        assertThat(get(kafka, topic, "cleanup.policy").value().split(",")).containsExactlyInAnyOrder("delete",
                "compact");
        alter(kafka, resource(topic), "cleanup.policy", "delete", OpType.SUBTRACT, false);

        assertThat(get(kafka, topic, "cleanup.policy").value()).isEqualTo("compact");
    }

    @Test
    void onlyAListMayGrow(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        assertThatThrownBy(() -> alter(kafka, resource(topic), "retention.ms", "1", OpType.APPEND, false))
                .isInstanceOf(InvalidConfigurationException.class);
    }

    @Test
    void validationAloneChangesNothing(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        alter(kafka, resource(topic), "retention.ms", "1", OpType.SET, true);

        assertThat(get(kafka, topic, "retention.ms").value()).isEqualTo("604800000");
    }

    @ParameterizedTest
    @CsvSource({"retention.ms,soon", "retention.ms,-2", "cleanup.policy,burn", "compression.type,rar",
            "min.insync.replicas,0",
            "max.message.bytes,-1", "min.cleanable.dirty.ratio,2", "message.timestamp.type,Never", "no.such.config,1"})
    void anInvalidValueIsRefused(String name, String value, Kafka kafka) throws Exception {
        String topic = kafka.topic();

        assertThatThrownBy(() -> set(kafka, topic, name, value)).isInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> alter(kafka, resource(topic), name, value, OpType.SET, true))
                .as("by validation alone too").isInstanceOf(InvalidConfigurationException.class);
    }

    @Test
    void theSameConfigTwiceInARequestIsRefused(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        var one = new AlterConfigOp(new ConfigEntry("retention.ms", "1"), OpType.SET);
        var two = new AlterConfigOp(new ConfigEntry("retention.ms", "2"), OpType.SET);

        assertThatThrownBy(() -> Kafka
                .await(kafka.admin().incrementalAlterConfigs(Map.of(resource(topic), List.of(one, two))).all()))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void configsOfAnAbsentTopicAreNotDescribed(Kafka kafka) {
        ConfigResource absent = resource(kafka.name("absent"));

        assertThatThrownBy(() -> Kafka.await(kafka.admin().describeConfigs(List.of(absent)).all()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void theConfigsOfTheBrokerAreDescribed(Kafka kafka) throws Exception {
        ConfigResource broker = broker(kafka);

        var config = describe(kafka, broker, new DescribeConfigsOptions());

        assertThat(config.get("num.partitions").value()).isEqualTo("1");
        assertThat(config.get("log.retention.hours").value()).isEqualTo("168");
        assertThat(config.get("offsets.topic.num.partitions").value()).as("50 in Kafka, 1 in Relais")
                .containsOnlyDigits();
        assertThat(config.get("node.id").isReadOnly()).isTrue();
    }

    @Test
    void aConfigOfTheWholeClusterIsTheDefaultOfTopics(Kafka kafka) throws Exception {
        ConfigResource cluster = new ConfigResource(ConfigResource.Type.BROKER, "");
        String topic = kafka.topic();
        try {
            alter(kafka, cluster, "log.segment.bytes", "200000000", OpType.SET, false);

            eventually(() -> {
                assertThat(get(kafka, topic, "segment.bytes").value()).isEqualTo("200000000");
                assertThat(get(kafka, topic, "segment.bytes").source())
                        .isEqualTo(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
            });
        } finally {
            alter(kafka, cluster, "log.segment.bytes", "", OpType.DELETE, false);
        }
    }

    @Test
    void aGroupHasConfigs(Kafka kafka) throws Exception {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, kafka.name("group"));

        alter(kafka, group, "consumer.session.timeout.ms", "50000", OpType.SET, false);

        eventually(() -> {
            ConfigEntry entry = describe(kafka, group, new DescribeConfigsOptions()).get("consumer.session.timeout.ms");
            assertThat(entry.value()).isEqualTo("50000");
            assertThat(entry.source()).isEqualTo(ConfigSource.DYNAMIC_GROUP_CONFIG);
        });
    }

    @Test
    void clientMetricsHaveConfigs(Kafka kafka) throws Exception {
        ConfigResource metrics = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, kafka.name("metrics"));

        alter(kafka, metrics, "interval.ms", "60000", OpType.SET, false);

        eventually(() -> assertThat(describe(kafka, metrics, new DescribeConfigsOptions()).get("interval.ms").value())
                .isEqualTo("60000"));
        assertThat(Kafka.await(kafka.admin().listConfigResources(Set.of(ConfigResource.Type.CLIENT_METRICS),
                new ListConfigResourcesOptions()).all())).contains(metrics);
        alter(kafka, metrics, "interval.ms", "", OpType.DELETE, false);
    }

    @Test
    @OwnBroker
    void configsStayOverARestart(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("retention.ms", "60000"));

        kafka.restart();

        assertThat(get(kafka, topic, "retention.ms").value()).isEqualTo("60000");
    }
}
