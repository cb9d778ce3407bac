// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.server.common.TransactionVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random histories of transactional producers, with power cuts: a transaction is all or nothing, over all its partitions. */
class TransactionCrashTest {
    private static final int HISTORIES = 40;
    private static final int STEPS = 120;
    private static final int PRODUCERS = 3;

    @Test
    void whateverIsCut_aTransactionIsInAllItsPartitionsOrInNone() {
        Long given = Long.getLong("seed");
        long first = given == null ? new Random().nextLong() : given;
        for (int i = 0; i < (given == null ? HISTORIES : 1); i++) {
            long seed = first + i;
            try {
                new History(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private enum Outcome {
        OPEN, COMMITTING, COMMITTED, ABORTED
    }

    /** One transaction, as its producer knows it. */
    private static final class Transaction {
        final Map<Integer, List<String>> values = new HashMap<>();
        Outcome outcome = Outcome.OPEN;
        int unanswered;
        boolean broken;
    }

    private static final class Producer {
        final String id;
        final TransactionVersion version;
        @Nullable
        ProducerIdAndEpoch known;
        @Nullable
        Transaction current;
        boolean busy;

        Producer(String id, TransactionVersion version) {
            this.id = id;
            this.version = version;
        }
    }

    private static final class History {
        final Random random;
        final List<Producer> producers = new ArrayList<>();
        final List<Transaction> transactions = new ArrayList<>();
        SimulatedNode node;
        int life;
        int counter;

        History(long seed) {
            random = new Random(seed);
            node = SimulatedNode.start(seed,
                    new TransactionSettings(1 + random.nextInt(2), 1 << 20, 900_000, 10_000, 604_800_000, 3_600_000));
            for (int i = 0; i < PRODUCERS; i++) {
                producers.add(new Producer("producer-" + i,
                        random.nextBoolean() ? TransactionVersion.TV_2 : TransactionVersion.TV_0));
            }
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(25) == 0) {
                    crash();
                } else {
                    act(producers.get(random.nextInt(PRODUCERS)));
                }
                for (int turns = random.nextInt(30); turns > 0; turns--) {
                    node.simulation.step();
                }
            }
            crash();
            node.simulation.settle();
            node.simulation.advance(1_000_000); // what was left open is past its timeout
            check();
        }

        void crash() {
            node = node.crash();
            life++;
            for (Producer producer : producers) {
                producer.known = null;
                producer.current = null;
                producer.busy = false;
            }
        }

        void act(Producer producer) {
            if (producer.busy) {
                return;
            }
            ProducerIdAndEpoch known = producer.known;
            if (known == null || random.nextInt(20) == 0) {
                init(producer);
                return;
            }
            Transaction current = producer.current;
            if (current == null) {
                current = new Transaction();
                producer.current = current;
                transactions.add(current);
            }
            if (current.values.isEmpty() || random.nextInt(3) > 0) {
                produce(producer, known, current);
            } else if (current.unanswered == 0) {
                end(producer, known, current);
            }
        }

        void init(Producer producer) {
            int now = life;
            producer.busy = true;
            producer.current = null;
            node.coordinator.initProducerId(producer.id, 60_000, Optional.empty(), (error, id, epoch) -> {
                if (life == now) {
                    producer.busy = false;
                    producer.known = error == Errors.NONE ? new ProducerIdAndEpoch(id, epoch) : null;
                }
            });
        }

        void produce(Producer producer, ProducerIdAndEpoch known, Transaction current) {
            int now = life;
            int index = random.nextInt(SimulatedNode.PARTITIONS);
            String value = "v" + counter++;
            current.unanswered++;
            current.values.computeIfAbsent(index, each -> new ArrayList<>()).add(value);
            ErrorListener answered = error -> {
                if (life == now) {
                    current.unanswered--;
                    current.broken |= error != Errors.NONE;
                }
            };
            if (producer.version == TransactionVersion.TV_2) {
                node.produce(producer.id, known, index, value, true, answered);
            } else {
                node.coordinator.addPartitions(producer.id, known.producerId(), known.epoch(),
                        Set.of(SimulatedNode.name(index)), producer.version, error -> {
                            if (error == Errors.NONE && life == now) {
                                node.produce(producer.id, known, index, value, false, answered);
                            } else {
                                answered.done(error);
                            }
                        });
            }
        }

        void end(Producer producer, ProducerIdAndEpoch known, Transaction current) {
            int now = life;
            boolean commit = !current.broken && random.nextInt(3) > 0;
            current.outcome = commit ? Outcome.COMMITTING : Outcome.ABORTED;
            producer.busy = true;
            node.coordinator.end(producer.id, known.producerId(), known.epoch(),
                    commit ? TransactionResult.COMMIT : TransactionResult.ABORT, producer.version,
                    (error, id, epoch) -> {
                        if (life != now) {
                            return;
                        }
                        producer.busy = false;
                        producer.current = null;
                        if (error != Errors.NONE) {
                            producer.known = null;
                        } else {
                            current.outcome = commit ? Outcome.COMMITTED : Outcome.ABORTED;
                            if (producer.version == TransactionVersion.TV_2) {
                                producer.known = new ProducerIdAndEpoch(id, epoch);
                            }
                        }
                    });
        }

        void check() {
            List<SimulatedNode.Content> contents = new ArrayList<>();
            for (int i = 0; i < SimulatedNode.PARTITIONS; i++) {
                contents.add(node.content(i));
                assertThat(contents.get(i).open()).as("undecided in partition " + i).isEmpty();
                assertThat(contents.get(i).stable()).as("last stable offset at the end of partition " + i).isTrue();
                assertThat(contents.get(i).committed()).as("partition " + i).doesNotHaveDuplicates();
            }
            for (Transaction transaction : transactions) {
                int seen = 0;
                int all = 0;
                for (var part : transaction.values.entrySet()) {
                    List<String> committed = contents.get(part.getKey()).committed();
                    all += part.getValue().size();
                    seen += (int) part.getValue().stream().filter(committed::contains).count();
                }
                switch (transaction.outcome) {
                    case COMMITTED -> assertThat(seen).as("committed " + transaction.values).isEqualTo(all);
                    case OPEN, ABORTED -> assertThat(seen).as("not committed " + transaction.values).isZero();
                    case COMMITTING -> assertThat(seen).as("cut while committing " + transaction.values).isIn(0, all);
                }
            }
        }
    }
}
