// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What a topic keeps: by time, by size, and by key. */
@KafkaTest
class RetentionTest {
    /** The smallest segment that Kafka allows. */
    private static final String SEGMENT = "1048576";

    private static long start(Kafka kafka, String topic) throws Exception {
        TopicPartition partition = Kafka.partition(topic, 0);
        return Kafka
                .await(kafka.admin().listOffsets(Map.of(partition, OffsetSpec.earliest())).partitionResult(partition))
                .offset();
    }

    private static void fill(Kafka kafka, String topic, int records) throws Exception {
        for (int i = 0; i < records; i++) {
            kafka.send(topic, "x".repeat(400_000));
        }
    }

    @Test
    void whatIsOlderThanTheRetentionTimeGoes(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("retention.ms", "60000"));
        kafka.send(new ProducerRecord<>(topic, 0, System.currentTimeMillis() - 120_000, null, "old"));

        eventually(() -> assertThat(start(kafka, topic)).isEqualTo(1));

        assertThat(kafka.send(topic, "new").offset()).as("offsets go on").isEqualTo(1);
        assertThat(kafka.read(topic, 1)).containsExactly("new");
    }

    @Test
    void whatIsBeyondTheRetentionSizeGoesSegmentBySegment(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("segment.bytes", SEGMENT, "retention.bytes", "1200000"));

        fill(kafka, topic, 10);

        eventually(() -> assertThat(start(kafka, topic)).isBetween(5L, 8L));
    }

    @Test
    void withoutALimitEverythingStays(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("retention.ms", "-1", "segment.bytes", SEGMENT));
        kafka.send(new ProducerRecord<>(topic, 0, 1L, null, "very old"));
        fill(kafka, topic, 6);

        assertThat(start(kafka, topic)).isZero();
        assertThat(kafka.read(topic, 7)).hasSize(7);
    }

    @Test
    void compactionKeepsTheLastValueOfEachKey(Kafka kafka) throws Exception {
        String topic = kafka
                .topic(Map.of("cleanup.policy", "compact", "segment.ms", "100", "min.cleanable.dirty.ratio", "0.01",
                        "min.compaction.lag.ms", "0", "max.compaction.lag.ms", "500"));
        for (int i = 0; i < 10; i++) {
            kafka.send(new ProducerRecord<>(topic, 0, "a", "a" + i));
            kafka.send(new ProducerRecord<>(topic, 0, "b", "b" + i));
        }

        eventually(() -> {
            Thread.sleep(150);
            kafka.send(new ProducerRecord<>(topic, 0, "tick", "t")); // closes the segment before
            List<String> kept = kafka.records(topic, 3, Map.of()).stream().filter(r -> !r.key().equals("tick"))
                    .map(ConsumerRecord::value).toList();
            assertThat(kept).containsExactly("a9", "b9");
        });
        assertThat(kafka.records(topic, 3, Map.of())).extracting(ConsumerRecord::offset).as("offsets stay as they were")
                .startsWith(18L, 19L);
    }

    @Test
    void aTombstoneRemovesItsKey(Kafka kafka) throws Exception {
        String topic = kafka
                .topic(Map.of("cleanup.policy", "compact", "segment.ms", "100", "min.cleanable.dirty.ratio", "0.01",
                        "delete.retention.ms", "0", "max.compaction.lag.ms", "500"));
        kafka.send(new ProducerRecord<>(topic, 0, "gone", "v"));
        kafka.send(new ProducerRecord<>(topic, 0, "stays", "v"));
        kafka.send(new ProducerRecord<>(topic, 0, "gone", null));

        eventually(() -> {
            Thread.sleep(150);
            kafka.send(new ProducerRecord<>(topic, 0, "tick", "t"));
            assertThat(kafka.records(topic, 2, Map.of())).extracting(ConsumerRecord::key).contains("stays")
                    .doesNotContain("gone");
        });
    }
}
