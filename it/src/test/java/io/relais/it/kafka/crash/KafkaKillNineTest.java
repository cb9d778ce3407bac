// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka.crash;

import static io.relais.it.kafka.fixture.Kafka.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

import io.relais.it.fixture.RelaisProcess;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments under transactions, again and again on the same data. {@code -Drelais.it.crash.rounds=20} for more rounds, {@code -Dseed=…} for
 * the moments and the load of another run (threads still interleave as they like).
 */
@DisabledIfSystemProperty(named = "relais.it.oracle", matches = "true", disabledReason = "starts Relais itself")
class KafkaKillNineTest {
    private static final int ROUNDS = Integer.getInteger("relais.it.crash.rounds", 3);
    private static final int LOAD_MIN_MS = 300;
    private static final int LOAD_MAX_MS = 2_500;
    private static final int STARTING_MAX_MS = 600;
    private static final int VIOLATIONS_SHOWN = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final TransactionLedger ledger = new TransactionLedger();
    private final Map<Integer, Long> units = new HashMap<>();

    @Test
    void nothingCommittedIsLostAndNothingAbortedIsSeen(@TempDir Path data) throws Exception {
        System.out.println("kafka kill -9: seed " + seed + ", " + ROUNDS + " rounds");
        for (int round = 0; round <= ROUNDS; round++) {
            killWhileStarting(data);
            try (RelaisProcess relais = RelaisProcess.startKafka(data)) {
                String bootstrap = relais.awaitKafka();
                if (round == 0) {
                    createTopic(bootstrap);
                }
                check(round, bootstrap, relais);
                if (round < ROUNDS) {
                    loadAndKill(round, bootstrap, relais);
                }
            }
        }
    }

    /** As good as a broker whose disk keeps nothing: the checker must not be content. */
    @Test
    void aBrokerThatForgetsEverythingIsFoundOut(@TempDir Path data, @TempDir Path empty) throws Exception {
        try (RelaisProcess relais = RelaisProcess.startKafka(data)) {
            createTopic(relais.awaitKafka());
            loadAndKill(0, relais.awaitKafka(), relais);
        }
        try (RelaisProcess forgetful = RelaisProcess.startKafka(empty)) {
            createTopic(forgetful.awaitKafka());

            assertThat(ledger.violations(found(forgetful.awaitKafka()))).isNotEmpty();
        }
    }

    private static void createTopic(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TransactionLoad.TOPIC, TransactionLoad.PARTITIONS, (short) 1)))
                    .all().get();
        }
    }

    /** Recovery that is cut off must not make anything worse. */
    private void killWhileStarting(Path data) throws Exception {
        if (random.nextInt(3) == 0) {
            try (RelaisProcess starting = RelaisProcess.startKafka(data)) {
                Thread.sleep(random.nextInt(STARTING_MAX_MS));
                starting.killNine();
            }
        }
    }

    private void check(int round, String bootstrap, RelaisProcess relais) throws Exception {
        long owed = ledger.owed();
        Map<Place, Mark> found = found(bootstrap);
        List<String> violations = ledger.violations(found);
        assertThat(violations.stream().limit(VIOLATIONS_SHOWN)).as("round %d, seed %d, %d violations; Relais said: %s",
                round, seed, violations.size(), relais.output()).isEmpty();
        checkOffsets(bootstrap, found);
        ledger.settle(found);
        System.out.println("kafka kill -9: round " + round + ": " + ledger.size() + " begun, " + owed + " owed, "
                + found.size() + " records found");
    }

    /** Everything that read_committed gives, once all transactions are decided. */
    private static Map<Place, Mark> found(String bootstrap) throws Exception {
        for (int i = 0; i < TransactionLoad.TRANSACTIONAL; i++) {
            TransactionLoad.transactional(bootstrap, i).close();
        }
        Map<TopicPartition, Long> ends = ends(bootstrap);
        Map<Place, Mark> found = new HashMap<>();
        try (KafkaConsumer<String, String> consumer = TransactionLoad.consumer(bootstrap)) {
            long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
            while (TransactionLoad.partitions().stream().anyMatch(p -> consumer.position(p) < at(ends, p))) {
                assertThat(System.nanoTime()).as("reading up to %s", ends).isLessThan(deadlineNs);
                consumer.poll(Duration.ofMillis(50)).forEach(record -> found.put(
                        new Place(new TopicPartition(record.topic(), record.partition()), record.offset()),
                        Mark.read(record.value())));
            }
        }
        return found;
    }

    /** The ends of the partitions, once nothing is open in them any more. */
    private static Map<TopicPartition, Long> ends(String bootstrap) throws Exception {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            while (true) {
                Map<TopicPartition, Long> stable = ends(admin, IsolationLevel.READ_COMMITTED);
                Map<TopicPartition, Long> written = ends(admin, IsolationLevel.READ_UNCOMMITTED);
                if (stable.equals(written)) {
                    return stable;
                }
                assertThat(System.nanoTime()).as("a transaction stays open: stable %s, written %s", stable, written)
                        .isLessThan(deadlineNs);
                Thread.sleep(20);
            }
        }
    }

    private static Map<TopicPartition, Long> ends(Admin admin, IsolationLevel isolation) throws Exception {
        return admin
                .listOffsets(
                        TransactionLoad.partitions().stream()
                                .collect(Collectors.toMap(p -> p, _ -> OffsetSpec.latest())),
                        new ListOffsetsOptions(isolation))
                .all().get().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
    }

    /** Offsets committed with a transaction are there if and only if its records are. */
    private void checkOffsets(String bootstrap, Map<Place, Mark> found) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            for (int producer = 0; producer < TransactionLoad.TRANSACTIONAL; producer++) {
                long next = ledger.lastThere(producer, found) + 1;
                @Nullable
                OffsetAndMetadata committed = admin.listConsumerGroupOffsets(TransactionLoad.group(producer))
                        .partitionsToOffsetAndMetadata().get().get(new TopicPartition(TransactionLoad.TOPIC, 0));
                assertThat(committed == null ? 0 : committed.offset())
                        .as("offset of producer %d, seed %d", producer, seed).isEqualTo(next);
            }
        }
    }

    private void loadAndKill(int round, String bootstrap, RelaisProcess relais) throws Exception {
        try (TransactionLoad load = new TransactionLoad(bootstrap, ledger, round, random.nextLong())) {
            load.start(units);
            Thread.sleep(LOAD_MIN_MS + random.nextInt(LOAD_MAX_MS));
            load.crashing();
            relais.killNine();
            assertThat(load.complaints()).as("seed %d", seed).isEmpty();
        }
        for (int producer = 0; producer < TransactionLoad.TRANSACTIONAL; producer++) {
            units.put(producer, (round + 1) * 1_000_000L);
        }
    }
}
