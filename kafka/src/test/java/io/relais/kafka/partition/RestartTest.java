// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import static io.relais.kafka.partition.TestBatches.idempotent;
import static io.relais.kafka.partition.TestBatches.plain;
import static io.relais.kafka.partition.TestBatches.transactional;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

import io.relais.log.record.RecordBatch;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a partition remembers when the process comes back: what its log says, no more and no less. */
class RestartTest {
    private static final int ROUNDS = 12;

    static Stream<Long> seeds() {
        String given = System.getProperty("seed");
        return given != null ? Stream.of(Long.valueOf(given)) : new Random().longs(12).boxed();
    }

    /** All that can be compared of a partition's producers. */
    private static List<String> describe(ProducerStates states) {
        List<String> all = new ArrayList<>();
        states.all().forEach(state -> {
            StringBuilder text = new StringBuilder("producer ").append(state.producerId()).append(" epoch ")
                    .append(state.epoch()).append(" transaction ").append(state.transactionFirstOffset())
                    .append(" timestamp ").append(state.lastTimestamp()).append(" coordinator ")
                    .append(state.coordinatorEpoch());
            for (int i = 0; i < state.batches(); i++) {
                text.append(' ').append(state.lastSequence(i)).append('@').append(state.lastOffset(i)).append('-')
                        .append(state.offsetDelta(i));
            }
            all.add(text.toString());
        });
        for (int i = 0; i < states.aborted().count(); i++) {
            all.add("aborted " + states.aborted().producerId(i) + " " + states.aborted().firstOffset(i) + ".."
                    + states.aborted().lastOffset(i) + " stable " + states.aborted().lastStableOffset(i));
        }
        all.add("unstable from " + states.firstUnstableOffset());
        return all;
    }

    /** The state that a scan of the whole log gives. */
    private static ProducerStates scanned(SimulatedKafka kafka) {
        ProducerStates states = new ProducerStates();
        kafka.open(0).scan(0, (offset, count, bytes) -> states.appended(bytes, bytes.readerIndex(),
                RecordBatch.baseOffset(bytes, bytes.readerIndex()), 0)).exceptionally(error -> {
                    throw new IllegalStateException(error);
                });
        kafka.simulation.settle();
        states.advanced(kafka.partition(0).highWatermark());
        return states;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverHappenedTheStateIsThatOfAFullScan(long seed) {
        Random random = new Random(seed);
        SimulatedKafka kafka = SimulatedKafka.start(seed);
        kafka.create(SimulatedKafka.TOPIC, 1, Map.of());
        for (int round = 0; round < ROUNDS; round++) {
            write(kafka, random);
            if (random.nextInt(3) == 0) {
                kafka.partition(0).close(); // as it does now and then, and not only at the end
            }
            for (int steps = random.nextInt(40); steps > 0; steps--) {
                kafka.simulation.step();
            }
            kafka = random.nextBoolean() ? kafka.crash() : kafka.restart();

            assertThat(describe(kafka.open(0).states())).as("seed %d, round %d", seed, round)
                    .isEqualTo(describe(scanned(kafka)));
        }
    }

    private static void write(SimulatedKafka kafka, Random random) {
        kafka.open(0);
        TestClient client = kafka.client();
        for (int i = random.nextInt(15); i > 0; i--) {
            long id = random.nextInt(3);
            ProducerState state = kafka.partition(0).states().of(id);
            int epoch = state == null ? 0 : state.epoch();
            int sequence = state == null || state.batches() == 0 ? 0 : Batch.sequenceAfter(state.lastSequence(), 1);
            boolean open = state != null && state.inTransaction();
            switch (random.nextInt(4)) {
                case 0 -> kafka.partition(0).appendMarker(id, (short) epoch, random.nextBoolean(), 0, new Ignored());
                case 1 -> client.send(ApiKeys.PRODUCE, 9, TestClient.production("orders", 0, plain("p"), -1));
                case 2 -> client.send(ApiKeys.PRODUCE, 12,
                        TestClient.production("orders", 0, transactional(id, epoch, sequence, "t", "u"), -1));
                default -> client.send(ApiKeys.PRODUCE, 12, TestClient.production("orders", 0,
                        open ? transactional(id, epoch, sequence, "t") : idempotent(id, epoch, sequence, "i"), -1));
            }
        }
    }

    private static final class Ignored implements Partition.AppendListener {
        @Override
        public void done(long baseOffset) {
            // nobody waits
        }

        @Override
        public void failed(Errors why) {
            // it crashed before
        }
    }

    @Test
    void aBatchThatWasConfirmedBeforeACrashIsStillADuplicate() {
        SimulatedKafka kafka = SimulatedKafka.withTopic(Map.of());
        kafka.client().produce(9, idempotent(5, 0, 0, "a"));
        kafka = kafka.crash();

        var answer = kafka.client().produce(9, idempotent(5, 0, 0, "a"));

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.baseOffset()).isZero();
        assertThat(kafka.partition(0).logEndOffset()).isEqualTo(1);
    }

    @Test
    void whatIsConfirmedToAllIsThereAfterACrash() {
        SimulatedKafka kafka = SimulatedKafka.withTopic(Map.of());
        TestClient client = kafka.client();
        List<Integer> requests = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            requests.add(client.send(ApiKeys.PRODUCE, 9, TestClient.production("orders", 0, plain("v" + i), -1)));
        }
        long confirmed = requests.stream()
                .filter(request -> client.answer(request, ProduceResponseData.class) != null).count();

        kafka = kafka.crash();

        var found = TestClient.values(kafka.client().fetchOne(TestClient.fetching(0)));
        assertThat(confirmed).isEqualTo(20);
        assertThat(found).hasSize(20);
        assertThat(Objects.requireNonNull(found.getLast())).isEqualTo("v19");
    }
}
