// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.kafka.fixture.Requests.FETCH_BY_NAME;
import static io.relais.it.kafka.fixture.Requests.fetch;
import static io.relais.it.kafka.fixture.Requests.only;
import static io.relais.it.kafka.fixture.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.relais.it.kafka.fixture.Batches;
import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code compression.type} of a topic: as the producer sent it, or as the topic wants it. */
@KafkaTest
class TopicCompressionTest {
    private static final String VALUE = "to be or not to be ".repeat(100);

    private static Records stored(Kafka kafka, String topic) throws Exception {
        return (Records) only(kafka.raw().call(fetch(topic, 0), FETCH_BY_NAME, new FetchResponseData())).records();
    }

    @Test
    void batchesStayAsTheProducerSentThem(Kafka kafka) throws Exception {
        String topic = kafka.topic();
        MemoryRecords sent = Batches.of(Compression.gzip().build(), VALUE, VALUE);

        produce(kafka.raw(), topic, sent);

        MemoryRecords stored = (MemoryRecords) stored(kafka, topic);
        byte[] expected = Batches.copy(sent).array();
        byte[] actual = Batches.copy(stored).array();
        assertThat(actual).hasSameSizeAs(expected);
        assertThat(Arrays.copyOfRange(actual, 16, actual.length)).as("all but the base offset and the leader epoch")
                .isEqualTo(Arrays.copyOfRange(expected, 16, expected.length));
    }

    @ParameterizedTest
    @CsvSource({"gzip,GZIP", "snappy,SNAPPY", "lz4,LZ4", "zstd,ZSTD", "uncompressed,NONE"})
    void batchesAreStoredInTheCompressionOfTheTopic(String config, CompressionType type, Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("compression.type", config));
        Compression another = type == CompressionType.GZIP ? Compression.lz4().build() : Compression.gzip().build();

        produce(kafka.raw(), topic, Batches.of(another, VALUE, VALUE));

        Records stored = stored(kafka, topic);
        assertThat(Batches.batches(stored)).extracting(RecordBatch::compressionType).containsOnly(type);
        assertThat(Batches.values(stored)).isEqualTo(List.of(VALUE, VALUE));
    }

    @Test
    void anIdempotentBatchKeepsItsProducerWhenItIsCompressedAnew(Kafka kafka) throws Exception {
        String topic = kafka.topic(Map.of("compression.type", "lz4"));

        produce(kafka.raw(), topic, Batches.idempotent(4711, 2, 5, VALUE, VALUE));

        RecordBatch batch = Batches.batches(stored(kafka, topic)).getFirst();
        assertThat(batch.producerId()).isEqualTo(4711);
        assertThat(batch.producerEpoch()).isEqualTo((short) 2);
        assertThat(batch.baseSequence()).isEqualTo(5);
        assertThat(batch.isValid()).isTrue();
    }
}
