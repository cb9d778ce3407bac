// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.relais.kafka.group.LiveNode;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions by the unmodified Java client. */
class TransactionalProducerTest {
    private static final String TOPIC = "orders";
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

    @TempDir
    Path folder;

    private LiveNode node;
    private Admin admin;
    private KafkaProducer<String, String> producer;

    @BeforeEach
    void start() {
        node = LiveNode.start(folder).topic(TOPIC, 2);
        admin = Admin.create(Map.of("bootstrap.servers", node.address()));
        producer = producer("billing-1");
    }

    @AfterEach
    void stop() {
        producer.close(Duration.ZERO);
        admin.close();
        node.close();
    }

    private KafkaProducer<String, String> producer(String id) {
        return new KafkaProducer<>(Map.of("bootstrap.servers", node.address(), "transactional.id", id, "key.serializer",
                StringSerializer.class, "value.serializer", StringSerializer.class));
    }

    private void send(String value) {
        producer.send(new ProducerRecord<>(TOPIC, 0, "k", value));
        producer.send(new ProducerRecord<>(TOPIC, 1, "k", value));
        producer.flush();
    }

    /** What a consumer reads up to the end, as its isolation lets it. */
    private List<String> read(TopicPartition partition, String isolation) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", node.address(),
                "isolation.level", isolation, "key.deserializer", StringDeserializer.class, "value.deserializer",
                StringDeserializer.class))) {
            consumer.assign(Set.of(partition));
            consumer.seekToBeginning(Set.of(partition));
            long end = consumer.endOffsets(Set.of(partition)).getOrDefault(partition, -1L);
            List<String> values = new ArrayList<>();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
                    values.add(each.value());
                }
            }
            return values;
        }
    }

    @Test
    void committedTransactionsAreRead_abortedOnesAreNot() {
        producer.initTransactions();
        for (int i = 0; i < 6; i++) {
            producer.beginTransaction();
            send("v" + i);
            if (i % 2 == 0) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }

        for (TopicPartition each : List.of(FIRST, SECOND)) {
            assertThat(read(each, "read_committed")).containsExactly("v0", "v2", "v4");
            assertThat(read(each, "read_uncommitted")).containsExactly("v0", "v1", "v2", "v3", "v4", "v5");
        }
    }

    @Test
    void anOpenTransactionIsNotRead_andHoldsBackWhatFollows() {
        producer.initTransactions();
        producer.beginTransaction();
        send("open");

        assertThat(read(FIRST, "read_committed")).isEmpty();
        assertThat(read(FIRST, "read_uncommitted")).containsExactly("open");
    }

    @Test
    void whenAnotherProducerTakesOver_thenTheFirstIsFenced() {
        producer.initTransactions();
        producer.beginTransaction();
        send("lost");
        try (KafkaProducer<String, String> second = producer("billing-1")) {
            second.initTransactions();

            assertThatThrownBy(() -> {
                send("late");
                producer.commitTransaction();
            }).isInstanceOf(KafkaException.class);
            second.beginTransaction();
            second.send(new ProducerRecord<>(TOPIC, 0, "k", "second"));
            second.commitTransaction();
        }

        assertThat(read(FIRST, "read_committed")).containsExactly("second");
    }

    @Test
    void anAdministratorFencesProducers() throws Exception {
        producer.initTransactions();
        producer.beginTransaction();
        send("lost");

        admin.fenceProducers(List.of("billing-1")).all().get(30, TimeUnit.SECONDS);

        assertThatThrownBy(() -> {
            send("late");
            producer.commitTransaction();
        }).isInstanceOf(KafkaException.class);
        assertThat(read(FIRST, "read_committed")).isEmpty();
    }

    @Test
    void transactionsAreDescribedAndListed() throws Exception {
        producer.initTransactions();
        producer.beginTransaction();
        send("v");
        try (KafkaProducer<String, String> idle = producer("other-1")) {
            idle.initTransactions();

            TransactionDescription described = admin.describeTransactions(List.of("billing-1")).description("billing-1")
                    .get(30, TimeUnit.SECONDS);
            assertThat(described.state()).isEqualTo(TransactionState.ONGOING);
            assertThat(described.topicPartitions()).containsExactlyInAnyOrder(FIRST, SECOND);
            assertThat(described.transactionTimeoutMs()).isEqualTo(60_000);
            assertThat(described.transactionStartTimeMs()).isPresent();

            assertThat(listed(new ListTransactionsOptions())).containsExactlyInAnyOrder("billing-1", "other-1");
            assertThat(listed(new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING))))
                    .containsExactly("billing-1");
            assertThat(listed(new ListTransactionsOptions().filterProducerIds(Set.of(described.producerId()))))
                    .containsExactly("billing-1");
            assertThat(listed(new ListTransactionsOptions().filterOnTransactionalIdPattern("other-.*")))
                    .containsExactly("other-1");
            assertThat(listed(new ListTransactionsOptions().filterOnTransactionalIdPattern("other"))).isEmpty();
            node.advance(60_000);
            assertThat(listed(new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING))
                    .filterOnDuration(30_000))).containsExactly("billing-1");
            assertThat(listed(new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING))
                    .filterOnDuration(90_000))).isEmpty();
        }
    }

    private List<String> listed(ListTransactionsOptions options) throws Exception {
        return admin.listTransactions(options).all().get(30, TimeUnit.SECONDS).stream()
                .map(TransactionListing::transactionalId).toList();
    }

    @Test
    void anAdministratorEndsATransactionThatHangs() throws Exception {
        producer.initTransactions();
        producer.beginTransaction();
        send("hanging");
        TransactionDescription described = admin.describeTransactions(List.of("billing-1")).description("billing-1")
                .get(30, TimeUnit.SECONDS);

        admin.abortTransaction(
                new AbortTransactionSpec(FIRST, described.producerId(), (short) described.producerEpoch(), 0)).all()
                .get(30, TimeUnit.SECONDS);
        try (KafkaProducer<String, String> next = producer("other-1")) {
            next.initTransactions();
            next.beginTransaction();
            next.send(new ProducerRecord<>(TOPIC, 0, "k", "next"));
            next.commitTransaction();
        }

        assertThat(read(FIRST, "read_committed")).containsExactly("next");
    }

    @Test
    void afterARestart_aProducerGoesOn_andWhatWasCommittedIsThere() {
        producer.initTransactions();
        producer.beginTransaction();
        send("before");
        producer.commitTransaction();
        producer.close();
        admin.close();

        node = node.restarted();
        admin = Admin.create(Map.of("bootstrap.servers", node.address()));
        producer = producer("billing-1");
        producer.initTransactions();
        producer.beginTransaction();
        send("after");
        producer.commitTransaction();

        assertThat(read(FIRST, "read_committed")).containsExactly("before", "after");
    }
}
