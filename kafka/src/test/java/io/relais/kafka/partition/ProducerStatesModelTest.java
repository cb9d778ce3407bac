// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import static io.relais.kafka.partition.TestBatches.idempotent;
import static io.relais.kafka.partition.TestBatches.transactional;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.log.record.RecordBatch;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random producers, against a model that keeps everything. */
class ProducerStatesModelTest {
    private static final int STEPS = 2_000;
    private static final int PRODUCERS = 4;

    static Stream<Long> seeds() {
        String given = System.getProperty("seed");
        return given != null ? Stream.of(Long.valueOf(given)) : new Random().longs(8).boxed();
    }

    /** Every batch of every producer, in order. */
    private static final class Model {
        private record Sent(int epoch, int first, int count, long offset) {}

        private final Map<Long, List<Sent>> sent = new HashMap<>();
        private final Map<Long, Integer> epochs = new HashMap<>();
        private final Map<Long, Integer> expected = new HashMap<>();
        private final TreeMap<Long, Long> open = new TreeMap<>();
        private final List<long[]> aborted = new ArrayList<>();

        /** The first offset of the batch that this one repeats; -1 where it is none of the last five. */
        long duplicateOf(long id, int epoch, int first, int count) {
            List<Sent> all = sent.getOrDefault(id, List.of());
            return all.reversed().stream().limit(ProducerState.BATCHES_MAX)
                    .filter(each -> each.epoch() == epoch && each.first() == first && each.count() == count)
                    .mapToLong(Sent::offset).findFirst().orElse(-1);
        }

        Errors check(long id, int epoch, int first, boolean transactional) {
            Integer known = epochs.get(id);
            if (known == null) {
                return Errors.NONE;
            }
            if (epoch < known) {
                return Errors.INVALID_PRODUCER_EPOCH;
            }
            int next = epoch == known ? expected.getOrDefault(id, 0) : 0;
            if (first != next) {
                return Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
            }
            return open.containsValue(id) && !transactional ? Errors.INVALID_TXN_STATE : Errors.NONE;
        }

        void appended(long id, int epoch, int first, int count, long offset, boolean transactional) {
            raise(id, epoch);
            sent.computeIfAbsent(id, each -> new ArrayList<>()).add(new Sent(epoch, first, count, offset));
            expected.put(id, (int) (((long) first + count) % (1L << 31)));
            if (transactional && !open.containsValue(id)) {
                open.put(offset, id);
            }
        }

        void ended(long id, int epoch, boolean commit, long offset) {
            open.entrySet().removeIf(each -> {
                if (each.getValue() == id && !commit) {
                    aborted.add(new long[]{id, each.getKey(), offset});
                }
                return each.getValue() == id;
            });
            raise(id, epoch);
        }

        private void raise(long id, int epoch) {
            if (epochs.getOrDefault(id, -1) != epoch) {
                sent.remove(id);
                expected.remove(id);
            }
            epochs.put(id, epoch);
        }

        long firstUnstable() {
            return open.isEmpty() ? Long.MAX_VALUE : open.firstKey();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theyRememberWhatTheModelDoes(long seed) {
        RandomGenerator random = new Random(seed);
        Model model = new Model();
        ProducerStates states = new ProducerStates();
        long offset = 0;
        for (int step = 0; step < STEPS; step++) {
            long id = random.nextInt(PRODUCERS);
            int epoch = Math.max(0, model.epochs.getOrDefault(id, 0) + (random.nextInt(20) == 0 ? 1 : 0)
                    - (random.nextInt(20) == 0 ? 1 : 0));
            String at = "seed " + seed + ", step " + step;
            if (random.nextInt(5) == 0) {
                boolean commit = random.nextBoolean();
                if (states.checkMarker(id, (short) epoch, 0) == Errors.NONE) {
                    append(states, Markers.batch(id, (short) epoch, commit, 0, 1), offset);
                    model.ended(id, epoch, commit, offset++);
                }
            } else {
                int count = 1 + random.nextInt(3);
                int first = first(random, model.expected.getOrDefault(id, 0), count);
                boolean transactional = model.open.containsValue(id) ? random.nextInt(20) > 0 : random.nextBoolean();
                ByteBuf batch = batch(id, epoch, first, count, transactional);
                ProducerState state = states.of(id);
                assertThat(duplicate(state, batch)).as(at).isEqualTo(model.duplicateOf(id, epoch, first, count));
                if (duplicate(state, batch) < 0) {
                    Errors error = ProducerStates.check(batch, 0, state, false);
                    assertThat(error).as(at).isEqualTo(model.check(id, epoch, first, transactional));
                    if (error == Errors.NONE) {
                        append(states, batch, offset);
                        model.appended(id, epoch, first, count, offset, transactional);
                        offset += count;
                    }
                }
            }
            states.advanced(offset);
            assertThat(states.firstUnstableOffset()).as(at).isEqualTo(model.firstUnstable());
            check(states, model, random, offset, at);
        }
    }

    /** Mostly the right one; a gap, or one that was sent before. */
    private static int first(RandomGenerator random, int expected, int count) {
        return switch (random.nextInt(8)) {
            case 0 -> expected + 1;
            case 1, 2 -> Math.max(0, expected - count);
            default -> expected;
        };
    }

    private static void check(ProducerStates states, Model model, RandomGenerator random, long end, String at) {
        long from = random.nextLong(end + 1);
        long to = from + random.nextLong(end - from + 1);
        List<Long> told = new ArrayList<>();
        states.aborted().within(from, to, (id, first, marker) -> told.add(first));
        List<Long> wanted = model.aborted.stream().filter(each -> each[2] >= from && each[1] < to)
                .map(each -> each[1]).toList();
        assertThat(told).as(at).containsExactlyElementsOf(wanted);
    }

    private static long duplicate(@Nullable ProducerState state, ByteBuf batch) {
        int found = state == null
                ? -1
                : state.find(Batch.producerEpoch(batch, 0), Batch.baseSequence(batch, 0),
                        RecordBatch.lastOffsetDelta(batch, 0));
        return state == null || found < 0 ? -1 : state.lastOffset(found) - state.offsetDelta(found);
    }

    private static ByteBuf batch(long id, int epoch, int first, int count, boolean transactional) {
        String[] values = Stream.generate(() -> "v").limit(count).toArray(String[]::new);
        MemoryRecords records = transactional
                ? transactional(id, epoch, first, values)
                : idempotent(id, epoch, first, values);
        return Unpooled.wrappedBuffer(records.buffer());
    }

    private static void append(ProducerStates states, ByteBuf batch, long offset) {
        states.appended(batch, 0, offset, 0);
    }

    @Test
    void sequencesGoRoundBehindTheHighest() {
        ProducerStates states = new ProducerStates();
        append(states, batch(1, 0, Integer.MAX_VALUE - 1, 3, false), 0);

        ProducerState state = states.of(1);

        assertThat(ProducerStates.check(batch(1, 0, 1, 1, false), 0, state, false)).isEqualTo(Errors.NONE);
        assertThat(ProducerStates.check(batch(1, 0, 2, 1, false), 0, state, false))
                .isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(duplicate(state, batch(1, 0, Integer.MAX_VALUE - 1, 3, false))).isZero();
        append(states, batch(2, 0, Integer.MAX_VALUE, 1, false), 3);
        assertThat(ProducerStates.check(batch(2, 0, 0, 1, false), 0, states.of(2), false)).isEqualTo(Errors.NONE);
    }

    @Test
    void theLongestForgottenMakePlaceButNoneWithATransaction() {
        ProducerStates states = new ProducerStates();
        states.appended(batch(0, 0, 0, 1, true), 0, 0, 0);
        for (int id = 1; id <= ProducerStates.PRODUCERS_MAX; id++) {
            states.appended(batch(id, 0, 0, 1, false), 0, id, id);
        }

        assertThat(states.count()).isLessThanOrEqualTo(ProducerStates.PRODUCERS_MAX);
        assertThat(states.of(0)).isNotNull();
        assertThat(states.of(1)).isNull();
        assertThat(states.of(ProducerStates.PRODUCERS_MAX)).isNotNull();
    }

    @Test
    void producersExpireButNoneWithATransaction() {
        ProducerStates states = new ProducerStates();
        states.appended(batch(1, 0, 0, 1, true), 0, 0, 10);
        states.appended(batch(2, 0, 0, 1, false), 0, 1, 10);
        states.appended(batch(3, 0, 0, 1, false), 0, 2, 30);

        states.expire(20);

        assertThat(states.all().map(ProducerState::producerId)).containsExactly(1L, 3L);
    }
}
