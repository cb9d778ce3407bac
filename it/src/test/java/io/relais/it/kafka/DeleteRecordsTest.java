// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.kafka.fixture.Kafka.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import io.relais.it.fixture.OwnBroker;
import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.junit.jupiter.api.Test;

/** DeleteRecords (key 21): everything before an offset is gone. */
@KafkaTest
class DeleteRecordsTest {

    static long deleteBefore(Kafka kafka, String topic, long offset) throws Exception {
        TopicPartition partition = Kafka.partition(topic, 0);
        return Kafka.await(at(kafka.admin().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset)))
                .lowWatermarks(), partition)).lowWatermark();
    }

    @Test
    void recordsBeforeTheOffsetAreGone(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "a", "b", "c", "d");

        assertThat(deleteBefore(kafka, topic, 2)).isEqualTo(2);

        assertThat(kafka.read(topic, 2)).containsExactly("c", "d");
    }

    @Test
    void theWholeLogIsEmptiedUpToItsHighWatermark(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "a", "b");

        assertThat(deleteBefore(kafka, topic, -1)).isEqualTo(2);

        assertThat(kafka.send(topic, "c").offset()).isEqualTo(2);
        assertThat(kafka.read(topic, 1)).containsExactly("c");
    }

    @Test
    void anOffsetBeyondTheEndIsRefused(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "a");

        assertThatThrownBy(() -> deleteBefore(kafka, topic, 2)).isInstanceOf(OffsetOutOfRangeException.class);
    }

    @Test
    void deletingLessThanWasDeletedAlreadyChangesNothing(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "a", "b", "c");
        deleteBefore(kafka, topic, 2);

        assertThat(deleteBefore(kafka, topic, 1)).isEqualTo(2);
    }

    @Test
    void aCompactedTopicKeepsItsRecords(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("cleanup.policy", "compact"));

        assertThatThrownBy(() -> deleteBefore(kafka, topic, 0)).isInstanceOf(PolicyViolationException.class);
    }

    @Test
    @OwnBroker
    void theyStayGoneOverARestart(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        kafka.send(topic, "a", "b", "c");
        deleteBefore(kafka, topic, 2);

        kafka.restart();

        assertThat(kafka.read(topic, 1)).containsExactly("c");
    }
}
