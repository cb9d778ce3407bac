// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.junit.jupiter.api.Test;

/** Transactions as administrators see them (KIP-664): listed, described, and ended where they hang. */
@KafkaTest
class TransactionAdminTest {
    private final Kafka kafka;
    private final String topic;
    private final String id;
    private final TopicPartition partition;

    TransactionAdminTest(Kafka kafka) throws Exception {
        this.kafka = kafka;
        topic = kafka.topic();
        partition = Kafka.partition(topic, 0);
        id = kafka.name("tx");
    }

    private KafkaProducer<String, String> open() throws Exception {
        KafkaProducer<String, String> producer = kafka.transactional(id);
        producer.beginTransaction();
        Kafka.send(producer, new ProducerRecord<>(topic, "open"));
        return producer;
    }

    private TransactionDescription describe() throws Exception {
        return Kafka.await(kafka.admin().describeTransactions(List.of(id)).description(id));
    }

    private ProducerState producerState() throws Exception {
        return Kafka.await(kafka.admin().describeProducers(List.of(partition)).partitionResult(partition))
                .activeProducers().getFirst();
    }

    @Test
    void anOpenTransactionIsDescribedWithItsPartitions() throws Exception {
        open();

        TransactionDescription description = describe();

        assertThat(description.state()).isEqualTo(TransactionState.ONGOING);
        assertThat(description.topicPartitions()).containsExactly(partition);
        assertThat(description.transactionTimeoutMs()).isEqualTo(60_000);
        assertThat(description.transactionStartTimeMs().orElseThrow()).isLessThanOrEqualTo(System.currentTimeMillis());
        assertThat(description.producerId()).isEqualTo(producerState().producerId());
    }

    @Test
    void aCommittedTransactionIsComplete() throws Exception {
        open().commitTransaction();

        eventually(() -> assertThat(describe().state()).isEqualTo(TransactionState.COMPLETE_COMMIT));
        assertThat(describe().topicPartitions()).isEmpty();
    }

    @Test
    void anAbortedTransactionIsComplete() throws Exception {
        open().abortTransaction();

        eventually(() -> assertThat(describe().state()).isEqualTo(TransactionState.COMPLETE_ABORT));
    }

    @Test
    void anAbsentTransactionIsNotDescribed() {
        assertThatThrownBy(this::describe).isInstanceOf(TransactionalIdNotFoundException.class);
    }

    @Test
    void transactionsAreListedByStateAndProducer() throws Exception {
        open();

        assertThat(list(new ListTransactionsOptions())).contains(id);
        assertThat(list(new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING)))).contains(id);
        assertThat(list(new ListTransactionsOptions().filterStates(Set.of(TransactionState.EMPTY)))).doesNotContain(id);
        assertThat(list(new ListTransactionsOptions().filterProducerIds(Set.of(describe().producerId()))))
                .containsExactly(id);
        assertThat(list(new ListTransactionsOptions().filterOnDuration(3_600_000))).doesNotContain(id);
        assertThat(list(new ListTransactionsOptions().filterOnTransactionalIdPattern(id.substring(0, 5) + ".*")))
                .contains(id);
    }

    private List<String> list(ListTransactionsOptions options) throws Exception {
        return Kafka.await(kafka.admin().listTransactions(options).all()).stream()
                .map(TransactionListing::transactionalId).toList();
    }

    @Test
    void aProducerWithAnOpenTransactionTellsWhereItBegan() throws Exception {
        kafka.send(topic, "before");
        open();

        var states = Kafka.await(kafka.admin().describeProducers(List.of(partition)).partitionResult(partition))
                .activeProducers();

        assertThat(states).anySatisfy(state -> assertThat(state.currentTransactionStartOffset()).hasValue(1));
    }

    @Test
    void aHangingTransactionIsAbortedInItsPartition() throws Exception {
        open();
        ProducerState state = producerState();

        Kafka.await(kafka.admin()
                .abortTransaction(new AbortTransactionSpec(partition, state.producerId(), (short) state.producerEpoch(),
                        state.coordinatorEpoch().orElse(0)))
                .all());

        assertThat(producerState().currentTransactionStartOffset()).isEmpty();
        kafka.send(topic, "next");
        assertThat(kafka.readCommitted(topic, 1)).containsExactly("next");
    }

    @Test
    void aTransactionIsEndedByItsName() throws Exception {
        open();

        Kafka.await(kafka.admin().forceTerminateTransaction(id).result());

        kafka.send(topic, "next");
        assertThat(kafka.readCommitted(topic, 1)).containsExactly("next");
    }
}
