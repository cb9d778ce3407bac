// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.fixture.Kafka.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.relais.it.fixture.OwnBroker;
import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Transactions through the producer: all or nothing over partitions and offsets (KIP-98, KIP-447, KIP-890). */
@KafkaTest
class TransactionTest {
    private final Kafka kafka;
    private final String topic;
    private final String id;

    TransactionTest(Kafka kafka) throws Exception {
        this.kafka = kafka;
        topic = kafka.topic(2);
        id = kafka.name("tx");
    }

    private void send(KafkaProducer<String, String> producer, int partition, String... values) throws Exception {
        for (String value : values) {
            Kafka.send(producer, new ProducerRecord<>(topic, partition, null, value));
        }
    }

    @Test
    void whatIsCommittedIsSeenInAllPartitions() throws Exception {
        KafkaProducer<String, String> producer = kafka.transactional(id);

        producer.beginTransaction();
        send(producer, 0, "a", "b");
        send(producer, 1, "c");
        producer.commitTransaction();

        assertThat(kafka.readCommitted(topic, 3)).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void whatIsAbortedIsNotSeenByReadCommitted() throws Exception {
        KafkaProducer<String, String> producer = kafka.transactional(id);
        producer.beginTransaction();
        send(producer, 0, "aborted");
        send(producer, 1, "aborted too");
        producer.abortTransaction();
        producer.beginTransaction();
        send(producer, 0, "committed");
        producer.commitTransaction();

        assertThat(kafka.readCommitted(topic, 1)).containsExactly("committed");
        assertThat(kafka.read(topic, 3)).containsExactlyInAnyOrder("aborted", "aborted too", "committed");
    }

    @Test
    void whatIsOpenIsSeenByReadUncommittedOnly() throws Exception {
        KafkaProducer<String, String> producer = kafka.transactional(id);
        kafka.send(topic, "before");
        producer.beginTransaction();
        send(producer, 0, "open");
        kafka.send(topic, "after");

        assertThat(kafka.read(topic, 3)).containsExactly("before", "open", "after");
        TopicPartition partition = Kafka.partition(topic, 0);
        KafkaConsumer<String, String> committed = kafka.consumer(Map.of("isolation.level", "read_committed"));
        committed.assign(List.of(partition));
        assertThat(Kafka.values(Kafka.poll(committed, 1))).containsExactly("before");
        assertThat(committed.poll(Duration.ofMillis(200))).as("what is behind an open transaction waits").isEmpty();

        producer.commitTransaction();
        assertThat(Kafka.values(Kafka.poll(committed, 2))).containsExactly("open", "after");
    }

    @Test
    void transactionsOfSeveralProducersInterleave() throws Exception {
        KafkaProducer<String, String> one = kafka.transactional(id);
        KafkaProducer<String, String> two = kafka.transactional(id + "-2");
        one.beginTransaction();
        two.beginTransaction();
        send(one, 0, "one-a");
        send(two, 0, "two-a");
        send(one, 0, "one-b");
        two.abortTransaction();
        one.commitTransaction();

        assertThat(kafka.readCommitted(topic, 2)).containsExactly("one-a", "one-b");
    }

    @Test
    void anEmptyTransactionIsCommittedAndAborted() {
        KafkaProducer<String, String> producer = kafka.transactional(id);

        producer.beginTransaction();
        producer.commitTransaction();
        producer.beginTransaction();
        producer.abortTransaction();
    }

    @Test
    void aSecondProducerOfTheSameNameFencesTheFirst() throws Exception {
        KafkaProducer<String, String> first = kafka.transactional(id);
        first.beginTransaction();
        send(first, 0, "of the first");

        KafkaProducer<String, String> second = kafka.transactional(id);

        assertThatThrownBy(() -> {
            send(first, 0, "too late");
            first.commitTransaction();
        }).isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
        second.beginTransaction();
        send(second, 0, "of the second");
        second.commitTransaction();
        assertThat(kafka.readCommitted(topic, 1)).as("what the first had open was aborted")
                .containsExactly("of the second");
    }

    @Test
    void theAdministratorFencesAProducer() throws Exception {
        KafkaProducer<String, String> producer = kafka.transactional(id);
        producer.beginTransaction();
        send(producer, 0, "v");

        Kafka.await(kafka.admin().fenceProducers(List.of(id)).all());

        assertThatThrownBy(producer::commitTransaction).isInstanceOf(ProducerFencedException.class);
    }

    @Test
    void aTransactionThatTakesTooLongIsAborted() throws Exception {
        KafkaProducer<String, String> producer = kafka
                .producer(Map.of("transactional.id", id, "transaction.timeout.ms", 500));
        producer.initTransactions();
        producer.beginTransaction();
        send(producer, 0, "late");

        eventually(() -> {
            var offset = Kafka.await(kafka.admin().listOffsets(Map.of(Kafka.partition(topic, 0), OffsetSpec.latest()),
                    new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all());
            assertThat(at(offset, Kafka.partition(topic, 0)).offset()).as("record and marker").isEqualTo(2);
        });
        assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
        kafka.send(topic, "next");
        assertThat(kafka.readCommitted(topic, 1)).containsExactly("next");
    }

    @Test
    void aTimeoutBeyondTheLimitOfTheBrokerIsRefused() {
        KafkaProducer<String, String> producer = kafka
                .producer(Map.of("transactional.id", id, "transaction.timeout.ms", 900_001));

        assertThatThrownBy(producer::initTransactions).isInstanceOf(KafkaException.class)
                .hasMessageContaining("timeout is larger than the maximum value allowed");
    }

    @Test
    void offsetsAreCommittedWithTheTransaction() throws Exception {
        String group = kafka.name("group");
        TopicPartition partition = Kafka.partition(topic, 0);
        KafkaProducer<String, String> producer = kafka.transactional(id);
        producer.beginTransaction();
        send(producer, 1, "result");
        producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)),
                kafka.member(group, Map.of()).groupMetadata());

        KafkaConsumer<String, String> reader = kafka.member(group, Map.of());
        assertThatThrownBy(() -> reader.committed(Set.of(partition), Duration.ofMillis(300)))
                .as("an offset in doubt is not answered").isInstanceOf(TimeoutException.class);
        producer.commitTransaction();

        assertThat(at(reader.committed(Set.of(partition)), partition).offset()).isEqualTo(7);
    }

    @Test
    void offsetsOfAnAbortedTransactionAreForgotten() throws Exception {
        String group = kafka.name("group");
        TopicPartition partition = Kafka.partition(topic, 0);
        kafka.member(group, Map.of()).commitSync(Map.of(partition, new OffsetAndMetadata(3)));
        KafkaProducer<String, String> producer = kafka.transactional(id);
        producer.beginTransaction();
        producer.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(7)),
                kafka.member(group, Map.of()).groupMetadata());
        producer.abortTransaction();

        assertThat(at(kafka.member(group, Map.of()).committed(Set.of(partition)), partition).offset()).isEqualTo(3);
    }

    @Test
    void readingProcessingAndWritingIsOneTransaction() throws Exception {
        String input = kafka.topic();
        String group = kafka.name("group");
        kafka.send(input, "1", "2", "3", "4");
        KafkaConsumer<String, String> consumer = kafka.member(group, Map.of("isolation.level", "read_committed"));
        consumer.subscribe(List.of(input));
        KafkaProducer<String, String> producer = kafka.transactional(id);
        for (int done = 0; done < 4;) {
            var records = consumer.poll(Duration.ofMillis(50));
            if (!records.isEmpty()) {
                producer.beginTransaction();
                for (var record : records) {
                    producer.send(new ProducerRecord<>(topic, 0, null, "done " + record.value()));
                    done++;
                }
                producer.sendOffsetsToTransaction(records.nextOffsets(), consumer.groupMetadata());
                producer.commitTransaction();
            }
        }

        assertThat(kafka.readCommitted(topic, 4)).containsExactly("done 1", "done 2", "done 3", "done 4");
        assertThat(at(consumer.committed(Set.of(Kafka.partition(input, 0))), Kafka.partition(input, 0)).offset())
                .isEqualTo(4);
    }

    @Test
    void aMemberOfAnOldGenerationCannotCommitOffsetsInATransaction() throws Exception {
        String group = kafka.name("group");
        KafkaConsumer<String, String> consumer = kafka.member(group, Map.of());
        consumer.subscribe(List.of(topic));
        Kafka.awaitAssignment(consumer, 2);
        ConsumerGroupMetadata old = consumer.groupMetadata();
        consumer.close();
        KafkaProducer<String, String> producer = kafka.transactional(id);
        producer.beginTransaction();

        assertThatThrownBy(() -> {
            producer.sendOffsetsToTransaction(Map.of(Kafka.partition(topic, 0), new OffsetAndMetadata(1)), old);
            producer.commitTransaction();
        }).isInstanceOf(KafkaException.class);
    }

    @Test
    void manyTransactionsFollowEachOther() throws Exception {
        KafkaProducer<String, String> producer = kafka.transactional(id);
        for (int i = 0; i < 30; i++) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, 0, null, "v" + i));
            producer.send(new ProducerRecord<>(topic, 1, null, "w" + i));
            if (i % 3 == 0) {
                producer.abortTransaction();
            } else {
                producer.commitTransaction();
            }
        }

        assertThat(kafka.readCommitted(topic, 40)).hasSize(40).doesNotContain("v0", "w0", "v3", "w27");
    }

    @Test
    @OwnBroker
    void commitsAndAbortsStayOverARestart() throws Exception {
        KafkaProducer<String, String> producer = kafka.transactional(id);
        producer.beginTransaction();
        send(producer, 0, "aborted");
        producer.abortTransaction();
        producer.beginTransaction();
        send(producer, 0, "committed");
        producer.commitTransaction();

        kafka.restart();

        assertThat(kafka.readCommitted(topic, 1)).containsExactly("committed");
        KafkaProducer<String, String> again = kafka.transactional(id);
        again.beginTransaction();
        send(again, 0, "after");
        again.commitTransaction();
        assertThat(kafka.readCommitted(topic, 2)).containsExactly("committed", "after");
    }

    @Test
    @OwnBroker
    void aTransactionThatWasOpenAtARestartIsAbortedByItsSuccessor() throws Exception {
        KafkaProducer<String, String> producer = kafka.transactional(id);
        producer.beginTransaction();
        send(producer, 0, "open");

        kafka.restart();

        KafkaProducer<String, String> successor = kafka.transactional(id);
        successor.beginTransaction();
        send(successor, 0, "new");
        successor.commitTransaction();
        assertThat(kafka.readCommitted(topic, 1)).containsExactly("new");
    }
}
