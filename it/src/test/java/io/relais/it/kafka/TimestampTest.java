// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.kafka.fixture.Requests.error;
import static io.relais.it.kafka.fixture.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;

import io.relais.it.kafka.fixture.Batches;
import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Time of creation or of the append: {@code message.timestamp.type} and its limits. */
@KafkaTest
class TimestampTest {
    private static final Map<String, String> LOG_APPEND_TIME = Map.of("message.timestamp.type", "LogAppendTime");
    private static final long HOUR_MS = Duration.ofHours(1).toMillis();

    @Test
    void recordsKeepTheTimeOfTheirCreation(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("retention.ms", "-1"));

        RecordMetadata metadata = kafka.send(new ProducerRecord<>(topic, 0, 1_234L, null, "v"));

        ConsumerRecord<String, String> record = kafka.records(topic, 1, Map.of()).getFirst();
        assertThat(metadata.timestamp()).isEqualTo(1_234);
        assertThat(record.timestamp()).isEqualTo(1_234);
        assertThat(record.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
    }

    @Test
    void theBrokerSetsTheTimeIfTheTopicSaysSo(Kafka kafka) throws Exception {
        String topic = kafka.topic(LOG_APPEND_TIME);
        long before = System.currentTimeMillis();

        RecordMetadata metadata = kafka.send(new ProducerRecord<>(topic, 0, 1_234L, null, "v"));

        ConsumerRecord<String, String> record = kafka.records(topic, 1, Map.of()).getFirst();
        assertThat(record.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(record.timestamp()).isBetween(before, System.currentTimeMillis()).isEqualTo(metadata.timestamp());
    }

    @Test
    void theAnswerTellsTheTimeOfTheAppendIfTheBrokerSetIt(Kafka kafka) throws Exception {
        String topic = kafka.topic(LOG_APPEND_TIME);
        long before = System.currentTimeMillis();

        PartitionProduceResponse response = produce(kafka.raw(), topic, Batches.at(1, "v"));

        assertThat(response.logAppendTimeMs()).isBetween(before, System.currentTimeMillis());
    }

    @Test
    void allRecordsOfABatchHaveTheTimeOfTheAppend(Kafka kafka) throws Exception {
        String topic = kafka.topic(LOG_APPEND_TIME);

        PartitionProduceResponse response = produce(kafka.raw(), topic, Batches.at(1, "a", "b", "c"));

        assertThat(kafka.records(topic, 3, Map.of())).extracting(ConsumerRecord::timestamp)
                .containsOnly(response.logAppendTimeMs());
    }

    @Test
    void aRecordOlderThanTheLimitIsRefused(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("message.timestamp.before.max.ms", "3600000"));
        long tooOld = System.currentTimeMillis() - 2 * HOUR_MS;

        assertThatThrownBy(() -> kafka.send(new ProducerRecord<>(topic, 0, tooOld, null, "v")))
                .isInstanceOf(InvalidTimestampException.class);
        kafka.send(new ProducerRecord<>(topic, 0, System.currentTimeMillis() - HOUR_MS / 2, null, "young enough"));
    }

    @Test
    void aRecordFromTheFutureBeyondTheLimitIsRefused(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("message.timestamp.after.max.ms", "60000"));

        assertThatThrownBy(
                () -> kafka.send(new ProducerRecord<>(topic, 0, System.currentTimeMillis() + HOUR_MS, null, "v")))
                .isInstanceOf(InvalidTimestampException.class);
        kafka.send(new ProducerRecord<>(topic, 0, System.currentTimeMillis() + 10_000, null, "soon enough"));
    }

    @Test
    void withoutASettingAnHourOfTheFutureIsTheLimit(Kafka kafka) throws Exception {
        String topic = kafka.topic();

        assertThatThrownBy(() -> kafka.send(
                new ProducerRecord<>(topic, 0, System.currentTimeMillis() + 2 * HOUR_MS, null, "v")))
                .isInstanceOf(InvalidTimestampException.class);
    }

    @Test
    void theAnswerNamesTheRecordsOfTheWrongTime(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("message.timestamp.before.max.ms", "3600000"));

        PartitionProduceResponse response = produce(kafka.raw(), topic, Batches.at(1_000, "a", "b"));

        assertThat(error(response)).isEqualTo(Errors.INVALID_TIMESTAMP);
        assertThat(response.recordErrors()).extracting(e -> e.batchIndex()).containsExactly(0, 1);
        assertThat(response.errorMessage()).isNotEmpty();
        assertThat(response.baseOffset()).isEqualTo(-1);
    }

    @Test
    void theLimitsDoNotMatterWhereTheBrokerSetsTheTime(Kafka kafka) throws Exception {
        String topic = kafka
                .topic(Map.of("message.timestamp.type", "LogAppendTime", "message.timestamp.before.max.ms", "1"));

        kafka.send(new ProducerRecord<>(topic, 0, 1_234L, null, "v"));

        assertThat(kafka.read(topic, 1)).containsExactly("v");
    }
}
