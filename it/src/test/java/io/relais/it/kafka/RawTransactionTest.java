// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.fixture.Requests.FETCH_BY_NAME;
import static io.relais.it.kafka.fixture.Requests.error;
import static io.relais.it.kafka.fixture.Requests.fetch;
import static io.relais.it.kafka.fixture.Requests.only;
import static io.relais.it.kafka.fixture.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.relais.it.kafka.fixture.Batches;
import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import io.relais.it.kafka.fixture.RawKafka;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions request by request: version 1 with explicit partitions, version 2 (KIP-890) with an epoch for each. */
@KafkaTest
class RawTransactionTest {
    private static final int TRANSACTIONS_V1_END = 4;
    private static final int TRANSACTIONS_V2_END = 5;
    /** From this version on produce adds its partitions to the transaction itself. */
    private static final int TRANSACTIONS_V2_PRODUCE = 12;
    private static final int TRANSACTIONS_V1_PRODUCE = 11;

    private final Kafka kafka;
    private final RawKafka raw;
    private final String topic;
    private final String id;
    private InitProducerIdResponseData producer;

    RawTransactionTest(Kafka kafka) throws Exception {
        this.kafka = kafka;
        raw = kafka.raw();
        topic = kafka.topic();
        id = kafka.name("tx");
        producer = init(-1, -1);
    }

    private InitProducerIdResponseData init(long producerId, int epoch) throws Exception {
        InitProducerIdRequestData request = new InitProducerIdRequestData().setTransactionalId(id)
                .setTransactionTimeoutMs(60_000)
                .setProducerId(producerId).setProducerEpoch((short) epoch);
        InitProducerIdResponseData[] response = {raw.call(request, 4, new InitProducerIdResponseData())};
        eventually(() -> {
            Errors error = Errors.forCode(response[0].errorCode());
            if (error == Errors.COORDINATOR_NOT_AVAILABLE || error == Errors.NOT_COORDINATOR
                    || error == Errors.CONCURRENT_TRANSACTIONS
                    || error == Errors.COORDINATOR_LOAD_IN_PROGRESS) {
                raw.call(new FindCoordinatorRequestData().setKeyType((byte) 1).setKey(id), 3,
                        new FindCoordinatorResponseData());
                response[0] = raw.call(request, 4, new InitProducerIdResponseData());
                throw new AssertionError(error);
            }
        });
        return response[0];
    }

    private Errors add(int version, String name) throws Exception {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName(name).setPartitions(List.of(0)));
        var request = new AddPartitionsToTxnRequestData().setV3AndBelowTransactionalId(id)
                .setV3AndBelowProducerId(producer.producerId())
                .setV3AndBelowProducerEpoch(producer.producerEpoch()).setV3AndBelowTopics(topics);
        var response = raw.call(request, version, new AddPartitionsToTxnResponseData());
        return Errors.forCode(response.resultsByTopicV3AndBelow().iterator().next().resultsByPartition().iterator()
                .next().partitionErrorCode());
    }

    private EndTxnResponseData end(int version, boolean commit) throws Exception {
        return end(version, commit, producer.producerEpoch());
    }

    private EndTxnResponseData end(int version, boolean commit, int epoch) throws Exception {
        var request = new EndTxnRequestData().setTransactionalId(id).setProducerId(producer.producerId())
                .setProducerEpoch((short) epoch).setCommitted(commit);
        return raw.call(request, version, new EndTxnResponseData());
    }

    private Errors send(int version, int epoch, int sequence, String value) throws Exception {
        var request = produce(-1, topic, 0, Batches.transactional(producer.producerId(), epoch, sequence, value))
                .setTransactionalId(id);
        return error(only(raw.call(request, version, new ProduceResponseData())));
    }

    private PartitionData fetchCommitted() throws Exception {
        return only(raw.call(fetch(topic, 0).setIsolationLevel((byte) 1), FETCH_BY_NAME, new FetchResponseData()));
    }

    @Test
    void aTransactionOfTheFirstVersionNamesItsPartitionsFirst() throws Exception {
        assertThat(add(3, topic)).isEqualTo(Errors.NONE);
        assertThat(send(TRANSACTIONS_V1_PRODUCE, producer.producerEpoch(), 0, "v")).isEqualTo(Errors.NONE);
        assertThat(Errors.forCode(end(TRANSACTIONS_V1_END, true).errorCode())).isEqualTo(Errors.NONE);

        assertThat(kafka.readCommitted(topic, 1)).containsExactly("v");
    }

    @Test
    void aRecordForAPartitionThatIsNotInTheTransactionIsRefused() throws Exception {
        assertThat(send(10, producer.producerEpoch(), 0, "v")).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(send(11, producer.producerEpoch(), 0, "v")).as("newer clients can be told to abort")
                .isEqualTo(Errors.TRANSACTION_ABORTABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void everyVersionThatAddsPartitionsIsServed(int version) throws Exception {
        assertThat(add(version, topic)).isEqualTo(Errors.NONE);
    }

    @Test
    void anUnknownTopicIsNotAdded() throws Exception {
        assertThat(add(3, kafka.name("absent"))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aTransactionOfTheSecondVersionAddsItsPartitionsByItself() throws Exception {
        assertThat(send(TRANSACTIONS_V2_PRODUCE, producer.producerEpoch(), 0, "v")).isEqualTo(Errors.NONE);

        EndTxnResponseData ended = end(TRANSACTIONS_V2_END, true);

        assertThat(Errors.forCode(ended.errorCode())).isEqualTo(Errors.NONE);
        assertThat(ended.producerId()).isEqualTo(producer.producerId());
        assertThat((int) ended.producerEpoch()).as("each transaction has an epoch of its own")
                .isEqualTo(producer.producerEpoch() + 1);
        assertThat(kafka.readCommitted(topic, 1)).containsExactly("v");
    }

    @Test
    void afterAnEndTheOldEpochIsFenced() throws Exception {
        int epoch = producer.producerEpoch();
        send(TRANSACTIONS_V2_PRODUCE, epoch, 0, "v");
        end(TRANSACTIONS_V2_END, true);

        eventually(() -> assertThat(send(TRANSACTIONS_V2_PRODUCE, epoch, 1, "late"))
                .isEqualTo(Errors.INVALID_PRODUCER_EPOCH));
    }

    @Test
    void anEndThatIsSentAgainIsAnsweredAgain() throws Exception {
        int epoch = producer.producerEpoch();
        send(TRANSACTIONS_V2_PRODUCE, epoch, 0, "v");
        EndTxnResponseData first = end(TRANSACTIONS_V2_END, true, epoch);

        EndTxnResponseData[] second = new EndTxnResponseData[1];
        eventually(() -> {
            second[0] = end(TRANSACTIONS_V2_END, true, epoch);
            assertThat(Errors.forCode(second[0].errorCode())).isEqualTo(Errors.NONE);
        });

        assertThat(second[0].producerEpoch()).isEqualTo(first.producerEpoch());
    }

    @Test
    void anAbortCannotFollowACommit() throws Exception {
        int epoch = producer.producerEpoch();
        send(TRANSACTIONS_V2_PRODUCE, epoch, 0, "v");
        end(TRANSACTIONS_V2_END, true, epoch);

        eventually(() -> assertThat(Errors.forCode(end(TRANSACTIONS_V2_END, false, epoch).errorCode()))
                .isEqualTo(Errors.INVALID_TXN_STATE));
    }

    @Test
    void anEndOfTheFirstVersionWithoutATransactionIsRefused() throws Exception {
        assertThat(Errors.forCode(end(TRANSACTIONS_V1_END, true).errorCode())).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    @Test
    void aWrongEpochCannotEndATransaction() throws Exception {
        send(TRANSACTIONS_V2_PRODUCE, producer.producerEpoch(), 0, "v");

        assertThat(Errors.forCode(end(TRANSACTIONS_V2_END, true, producer.producerEpoch() + 9).errorCode()))
                .isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void initialisingAgainRaisesTheEpochAndAbortsWhatIsOpen() throws Exception {
        send(TRANSACTIONS_V2_PRODUCE, producer.producerEpoch(), 0, "v");

        InitProducerIdResponseData again = init(-1, -1);

        assertThat(Errors.forCode(again.errorCode())).isEqualTo(Errors.NONE);
        assertThat(again.producerId()).isEqualTo(producer.producerId());
        assertThat(again.producerEpoch()).isGreaterThan(producer.producerEpoch());
        assertThat(fetchCommitted().abortedTransactions()).hasSize(1);
    }

    @Test
    void aProducerRaisesItsOwnEpochByNamingIt() throws Exception {
        InitProducerIdResponseData again = init(producer.producerId(), producer.producerEpoch());

        assertThat(Errors.forCode(again.errorCode())).isEqualTo(Errors.NONE);
        assertThat((int) again.producerEpoch()).isEqualTo(producer.producerEpoch() + 1);
    }

    @Test
    void aFencedProducerCannotRaiseItsEpoch() throws Exception {
        init(-1, -1);
        init(-1, -1);

        assertThat(Errors.forCode(init(producer.producerId(), producer.producerEpoch()).errorCode()))
                .isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void anEmptyTransactionalIdIsRefused() throws Exception {
        var request = new InitProducerIdRequestData().setTransactionalId("").setTransactionTimeoutMs(60_000);

        assertThat(Errors.forCode(raw.call(request, 4, new InitProducerIdResponseData()).errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void aTimeoutOfZeroIsRefused() throws Exception {
        var request = new InitProducerIdRequestData().setTransactionalId(id).setTransactionTimeoutMs(0);

        assertThat(Errors.forCode(raw.call(request, 4, new InitProducerIdResponseData()).errorCode()))
                .isEqualTo(Errors.INVALID_TRANSACTION_TIMEOUT);
    }

    @Test
    void anAbortedTransactionIsNamedInFetchesOfReadCommitted() throws Exception {
        kafka.send(topic, "before");
        send(TRANSACTIONS_V2_PRODUCE, producer.producerEpoch(), 0, "aborted");
        end(TRANSACTIONS_V2_END, false);
        eventually(() -> assertThat(fetchCommitted().lastStableOffset()).isEqualTo(3));

        PartitionData partition = fetchCommitted();

        assertThat(partition.abortedTransactions()).singleElement().satisfies(aborted -> {
            assertThat(aborted.producerId()).isEqualTo(producer.producerId());
            assertThat(aborted.firstOffset()).isEqualTo(1);
        });
        assertThat(Batches.batches((Records) partition.records())).extracting(RecordBatch::isControlBatch)
                .as("the batches come all the same, the client leaves them out").containsExactly(false, false, true);
    }

    @Test
    void fetchesOfReadUncommittedNameNoAbortedTransactions() throws Exception {
        send(TRANSACTIONS_V2_PRODUCE, producer.producerEpoch(), 0, "aborted");
        end(TRANSACTIONS_V2_END, false);

        PartitionData partition = only(raw.call(fetch(topic, 0), FETCH_BY_NAME, new FetchResponseData()));

        assertThat(partition.abortedTransactions()).isNull();
    }

    @Test
    void anOpenTransactionHoldsTheLastStableOffset() throws Exception {
        kafka.send(topic, "before");
        send(TRANSACTIONS_V2_PRODUCE, producer.producerEpoch(), 0, "open");
        kafka.send(topic, "after");

        PartitionData partition = fetchCommitted();

        assertThat(partition.highWatermark()).isEqualTo(3);
        assertThat(partition.lastStableOffset()).isEqualTo(1);
        assertThat(Batches.values((Records) partition.records())).containsExactly("before");
    }

    @Test
    void aGroupIsAddedToATransaction() throws Exception {
        var request = new AddOffsetsToTxnRequestData().setTransactionalId(id).setProducerId(producer.producerId())
                .setProducerEpoch(producer.producerEpoch()).setGroupId(kafka.name("group"));

        assertThat(Errors.forCode(raw.call(request, 3, new AddOffsetsToTxnResponseData()).errorCode()))
                .isEqualTo(Errors.NONE);
    }

    @Test
    void aTransactionalBatchNeedsATransactionalId() throws Exception {
        var response = produce(raw, topic,
                Batches.transactional(producer.producerId(), producer.producerEpoch(), 0, "v"));

        assertThat(error(response)).isNotEqualTo(Errors.NONE);
        assertThat(produce(raw, topic, Batches.of("first")).baseOffset()).isZero();
    }
}
