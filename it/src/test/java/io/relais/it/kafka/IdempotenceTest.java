// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.kafka.fixture.Kafka.at;
import static io.relais.it.kafka.fixture.Requests.error;
import static io.relais.it.kafka.fixture.Requests.initProducerId;
import static io.relais.it.kafka.fixture.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

import io.relais.it.kafka.fixture.Batches;
import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import io.relais.it.kafka.fixture.RawKafka;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Idempotent produce: a sequence per producer and partition (KIP-98, KIP-360). */
@KafkaTest
class IdempotenceTest {
    private final RawKafka raw;
    private final String topic;
    private final long producerId;

    IdempotenceTest(Kafka kafka) throws Exception {
        raw = kafka.raw();
        topic = kafka.topic();
        producerId = initProducerId(raw).producerId();
    }

    private PartitionProduceResponse send(int epoch, int baseSequence, String... values) throws IOException {
        return produce(raw, topic, Batches.idempotent(producerId, epoch, baseSequence, values));
    }

    /** Sends what a test begins with. */
    private void accepted(int epoch, int baseSequence, String... values) throws IOException {
        assertThat(error(send(epoch, baseSequence, values))).isEqualTo(Errors.NONE);
    }

    @Test
    void everyProducerGetsAnIdOfItsOwnAndEpochZero() throws Exception {
        InitProducerIdResponseData another = initProducerId(raw);

        assertThat(another.errorCode()).isZero();
        assertThat(another.producerId()).isNotNegative().isNotEqualTo(producerId);
        assertThat(another.producerEpoch()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void everyVersionOfInitProducerIdIsServed(int version) throws Exception {
        var request = new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(1_000);

        InitProducerIdResponseData response = raw.call(request, version, new InitProducerIdResponseData());

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        assertThat(response.producerId()).isNotNegative();
    }

    @Test
    void aBatchThatIsSentTwiceIsStoredOnceAndAnsweredWithItsFirstOffset(Kafka kafka) throws Exception {
        accepted(0, 0, "a", "b");
        accepted(0, 2, "c");

        PartitionProduceResponse again = send(0, 0, "a", "b");

        assertThat(error(again)).isEqualTo(Errors.NONE);
        assertThat(again.baseOffset()).isZero();
        assertThat(send(0, 3, "d").baseOffset()).as("nothing was appended").isEqualTo(3);
        assertThat(kafka.read(topic, 4)).containsExactly("a", "b", "c", "d");
    }

    @Test
    void theLastFiveBatchesAreKnownAgain() throws Exception {
        for (int i = 0; i < 5; i++) {
            accepted(0, i, "v" + i);
        }

        for (int i = 0; i < 5; i++) {
            PartitionProduceResponse again = send(0, i, "v" + i);
            assertThat(error(again)).isEqualTo(Errors.NONE);
            assertThat(again.baseOffset()).isEqualTo(i);
        }
    }

    @Test
    void anOlderDuplicateIsRefusedAsOutOfOrder() throws Exception {
        for (int i = 0; i < 6; i++) {
            accepted(0, i, "v" + i);
        }

        assertThat(error(send(0, 0, "v0"))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void aGapInTheSequenceIsRefused(Kafka kafka) throws Exception {
        accepted(0, 0, "a");

        assertThat(error(send(0, 2, "c"))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);

        assertThat(error(send(0, 1, "b"))).isEqualTo(Errors.NONE);
        assertThat(kafka.read(topic, 2)).containsExactly("a", "b");
    }

    @Test
    void aPartOfABatchIsNoDuplicate() throws Exception {
        accepted(0, 0, "a", "b", "c");

        assertThat(error(send(0, 1, "b"))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void aProducerThatThePartitionDoesNotKnowMayBeginAnywhere() throws Exception {
        PartitionProduceResponse response = send(0, 17, "v");

        assertThat(error(response)).isEqualTo(Errors.NONE);
        assertThat(error(send(0, 18, "w"))).isEqualTo(Errors.NONE);
    }

    @Test
    void aNewEpochBeginsAtSequenceZero() throws Exception {
        accepted(0, 0, "a");

        assertThat(error(send(1, 1, "b"))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(error(send(1, 0, "b"))).isEqualTo(Errors.NONE);
    }

    @Test
    void anEpochThatIsOverIsFenced() throws Exception {
        accepted(0, 0, "a");
        accepted(1, 0, "b");

        assertThat(error(send(0, 1, "c"))).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void theSequenceWrapsAroundAfterItsLargestNumber(Kafka kafka) throws Exception {
        accepted(0, Integer.MAX_VALUE - 1, "a", "b");

        assertThat(error(send(0, 0, "c"))).isEqualTo(Errors.NONE);
        assertThat(kafka.read(topic, 3)).containsExactly("a", "b", "c");
    }

    @Test
    void producersDoNotDisturbEachOther() throws Exception {
        long other = initProducerId(raw).producerId();
        accepted(0, 0, "a");
        produce(raw, topic, Batches.idempotent(other, 0, 0, "x"));

        assertThat(error(send(0, 1, "b"))).isEqualTo(Errors.NONE);
        assertThat(error(produce(raw, topic, Batches.idempotent(other, 0, 1, "y")))).isEqualTo(Errors.NONE);
    }

    @Test
    void aRequestHoldsOneBatchPerPartition(Kafka kafka) throws Exception {
        PartitionProduceResponse response = produce(raw, topic, Batches.joined(
                Batches.idempotent(producerId, 0, 0, "a"), Batches.idempotent(producerId, 0, 1, "b")));

        assertThat(error(response)).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void aProducerIsDescribedWithItsEpochAndLastSequence(Kafka kafka) throws Exception {
        accepted(3, 0, "a", "b");

        var state = at(Kafka.await(kafka.admin().describeProducers(java.util.List.of(Kafka.partition(topic, 0))).all()),
                Kafka.partition(topic, 0)).activeProducers().getFirst();

        assertThat(state.producerId()).isEqualTo(producerId);
        assertThat(state.producerEpoch()).isEqualTo(3);
        assertThat(state.lastSequence()).isEqualTo(1);
        assertThat(state.currentTransactionStartOffset()).isEmpty();
    }
}
