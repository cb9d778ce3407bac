// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

import io.relais.kafka.share.StateChange.Kind;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories of a share subscription, next to a model that knows each offset on its own. A failure is run again with {@code -Dseed=…}. */
class ShareSubscriptionModelTest {
    private static final int HISTORIES = 300;
    private static final int STEPS = 120;
    private static final List<String> MEMBERS = List.of("ann", "bob", "cid");

    static List<Long> seeds() {
        String given = System.getProperty("seed");
        return given != null ? List.of(Long.valueOf(given)) : new Random().longs(HISTORIES).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyHistoryIsAsTheModelSays(long seed) {
        History history = new History(new Random(seed));
        for (int i = 0; i < STEPS; i++) {
            history.step();
            history.compare();
        }
    }

    private enum State {
        UNSEEN, AVAILABLE, ACQUIRED, ARCHIVING, DONE
    }

    private static final class Modelled {
        State state = State.UNSEEN;
        int deliveryCount;
        @Nullable
        String member;
        long lockedUntilNs;
    }

    private static final class History {
        private final Random random;
        private final List<LogSpan> log = new ArrayList<>();
        private final TreeMap<Long, Modelled> offsets = new TreeMap<>();
        private final StoredState stored = new StoredState(0, 0, 0, 0);
        private final List<DeadRecords> dead = new ArrayList<>();
        private final ShareLimits limits;
        private ShareSubscription subscription = new ShareSubscription(0);
        private long logStart;
        private long nowNs = 1_000_000;

        History(Random random) {
            this.random = random;
            limits = new ShareLimits(10 + random.nextInt(40), 2 + random.nextInt(5), 30, random.nextBoolean(),
                    random.nextBoolean());
            long next = 0;
            for (int i = 0; i < 40; i++) {
                int count = 1 + random.nextInt(8);
                log.add(new LogSpan(next, next + count - 1, random.nextInt(6) > 0));
                for (int k = 0; k < count; k++) {
                    offsets.put(next++, new Modelled());
                }
            }
        }

        void step() {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> acquire();
                case 3, 4, 5 -> acknowledge();
                case 6 -> releaseAll();
                case 7 -> expire();
                case 8 -> deadLettered();
                default -> rarely();
            }
            List<DeadRecords> fresh = subscription.takeDeadRecords();
            dead.addAll(fresh);
            stored.apply(subscription.startOffset(), subscription.deliveryCompleteCount(),
                    subscription.takeChanges());
        }

        private void acquire() {
            long from = subscription.nextOffset();
            assertThat(from).isEqualTo(firstToHandOut());
            List<LogSpan> batches = log.stream().filter(batch -> batch.lastOffset() >= Math.max(from, logStart))
                    .limit(1 + random.nextInt(6)).toList();
            Demand demand = new Demand(member(), 1 + random.nextInt(20), 1 + random.nextInt(10),
                    random.nextBoolean());
            long liveBefore = subscription.liveCount();
            long handedOutBefore = subscription.endOffset();
            List<Acquisition> acquired = subscription.acquire(demand, batches, limits, nowNs);
            long count = acquired.stream().mapToLong(Acquisition::count).sum();
            if (demand.strict()) {
                assertThat(count).isLessThanOrEqualTo(demand.recordsMax());
            }
            boolean again = from < handedOutBefore && batches.get(0).deliverable();
            boolean fresh = from == handedOutBefore && liveBefore < limits.recordLocksMax()
                    && batches.stream().anyMatch(LogSpan::deliverable);
            if (again || fresh) {
                assertThat(acquired).isNotEmpty();
            }
            for (Acquisition each : acquired) {
                for (long offset = each.firstOffset(); offset <= each.lastOffset(); offset++) {
                    Modelled modelled = at(offset);
                    assertThat(modelled.state).isIn(State.UNSEEN, State.AVAILABLE);
                    modelled.state = State.ACQUIRED;
                    modelled.member = demand.memberId();
                    modelled.deliveryCount++;
                    modelled.lockedUntilNs = nowNs + limits.lockDurationNs();
                    assertThat(each.deliveryCount()).isEqualTo(modelled.deliveryCount)
                            .isLessThanOrEqualTo(limits.deliveryCountLimit());
                }
            }
            log.stream().filter(batch -> !batch.deliverable()).forEach(this::skipped);
            assertThat(subscription.endOffset()).isGreaterThanOrEqualTo(handedOutBefore);
        }

        /** What is not for consumers is archived as soon as reading passed it; never handed out. */
        private void skipped(LogSpan batch) {
            for (long offset = batch.firstOffset(); offset <= batch.lastOffset(); offset++) {
                Modelled modelled = at(offset);
                assertThat(modelled.state).isIn(State.UNSEEN, State.DONE);
                if (offset < subscription.endOffset()) {
                    modelled.state = State.DONE;
                }
            }
        }

        private void acknowledge() {
            String member = member();
            List<Acknowledgement> all = new ArrayList<>();
            long next = logStart + random.nextInt(12);
            for (int i = random.nextInt(3); i >= 0; i--) {
                long first = random.nextInt(4) == 0 ? next : firstOwned(member, next);
                long last = first + random.nextInt(4);
                if (random.nextInt(4) > 0) {
                    while (last > first && !owns(member, last)) {
                        last--;
                    }
                }
                List<Byte> types = new ArrayList<>();
                for (long offset = first; offset <= last; offset++) {
                    types.add((byte) random.nextInt(5));
                }
                all.add(new Acknowledgement(first, last, random.nextBoolean() ? types : types.subList(0, 1)));
                next = last + 1 + random.nextInt(5);
            }
            assertThat(Acknowledgement.areValid(all, true)).isTrue();

            Errors expected = all.stream().map(each -> refusal(member, each)).filter(error -> error != Errors.NONE)
                    .findFirst().orElse(Errors.NONE);
            assertThat(subscription.acknowledge(member, all, limits, nowNs)).isEqualTo(expected);
            if (expected == Errors.NONE) {
                all.forEach(this::settle);
            }
        }

        private Errors refusal(String member, Acknowledgement each) {
            long first = Math.max(each.firstOffset(), start());
            if (first > each.lastOffset()) {
                return Errors.NONE;
            }
            if (each.lastOffset() >= offsets.size() || at(each.lastOffset()).state == State.UNSEEN) {
                return Errors.INVALID_REQUEST;
            }
            for (long offset = first; offset <= each.lastOffset(); offset++) {
                if (!owns(member, offset)) {
                    return Errors.INVALID_RECORD_STATE;
                }
            }
            return each.contains(Acknowledgement.RENEW) && !limits.renewable()
                    ? Errors.INVALID_RECORD_STATE
                    : Errors.NONE;
        }

        private void settle(Acknowledgement each) {
            for (long offset = Math.max(each.firstOffset(), logStart); offset <= each.lastOffset(); offset++) {
                Modelled modelled = at(offset);
                if (modelled.state != State.ACQUIRED) {
                    continue; // below the start offset
                }
                switch (each.type(offset)) {
                    case Acknowledgement.GAP, Acknowledgement.ACCEPT -> modelled.state = State.DONE;
                    case Acknowledgement.RELEASE -> giveBack(modelled);
                    case Acknowledgement.REJECT -> bury(modelled);
                    default -> modelled.lockedUntilNs = nowNs + limits.lockDurationNs();
                }
            }
        }

        private void giveBack(Modelled modelled) {
            if (modelled.deliveryCount >= limits.deliveryCountLimit()) {
                bury(modelled);
            } else {
                modelled.state = State.AVAILABLE;
            }
        }

        private void bury(Modelled modelled) {
            modelled.state = limits.deadLetters() ? State.ARCHIVING : State.DONE;
        }

        private void releaseAll() {
            String member = member();
            subscription.releaseAll(member, limits);
            offsets.values().stream().filter(each -> each.state == State.ACQUIRED && member.equals(each.member))
                    .forEach(this::giveBack);
        }

        private void expire() {
            nowNs += random.nextInt(40) * 1_000_000L;
            long first = offsets.values().stream().filter(each -> each.state == State.ACQUIRED)
                    .mapToLong(each -> each.lockedUntilNs).min().orElse(Long.MAX_VALUE);
            assertThat(subscription.nextExpiryNs()).isEqualTo(first);
            subscription.expire(limits, nowNs);
            offsets.values().stream().filter(each -> each.state == State.ACQUIRED && each.lockedUntilNs <= nowNs)
                    .forEach(this::giveBack);
        }

        private void deadLettered() {
            dead.forEach(records -> {
                subscription.deadLettered(records);
                for (long offset = records.firstOffset(); offset <= records.lastOffset(); offset++) {
                    if (at(offset).state == State.ARCHIVING) {
                        at(offset).state = State.DONE;
                    }
                }
            });
            dead.clear();
        }

        private void rarely() {
            if (random.nextBoolean()) {
                trim();
            } else {
                restart();
            }
        }

        private void trim() {
            logStart = Math.min(offsets.size() - 1, logStart + random.nextInt(6));
            subscription.trimmed(logStart);
            offsets.headMap(logStart).values().forEach(each -> each.state = State.DONE);
        }

        private void restart() {
            dead.clear();
            subscription = ShareSubscription.restored(stored.startOffset(), stored.states(), offsets.size(),
                    limits);
            subscription.trimmed(logStart);
            offsets.values().stream().filter(each -> each.state == State.ACQUIRED)
                    .forEach(each -> each.state = State.AVAILABLE);
            offsets.values().stream().filter(each -> each.state == State.AVAILABLE).forEach(
                    each -> each.deliveryCount = Math.min(each.deliveryCount, limits.deliveryCountLimit() - 1));
        }

        void compare() {
            assertThat(subscription.startOffset()).isEqualTo(start());
            assertThat(subscription.liveCount()).isEqualTo(offsets.values().stream()
                    .filter(each -> each.state != State.UNSEEN && each.state != State.DONE).count());
            List<StateChange> states = stored.states();
            TreeMap<Long, StateChange> byOffset = new TreeMap<>();
            states.forEach(each -> {
                for (long offset = each.firstOffset(); offset <= each.lastOffset(); offset++) {
                    byOffset.put(offset, each);
                }
            });
            offsets.tailMap(start()).forEach((offset, modelled) -> {
                StateChange change = byOffset.get(offset);
                Kind kind = change == null ? null : change.kind();
                switch (modelled.state) {
                    case UNSEEN -> assertThat(kind).isNull();
                    case AVAILABLE, ACQUIRED -> assertThat(kind).isEqualTo(Kind.AVAILABLE);
                    case ARCHIVING -> assertThat(kind).isEqualTo(Kind.ARCHIVING);
                    case DONE -> assertThat(kind).isIn(Kind.ACKNOWLEDGED, Kind.ARCHIVED);
                }
            });
        }

        private long start() {
            return offsets.entrySet().stream().filter(each -> each.getValue().state != State.DONE)
                    .mapToLong(java.util.Map.Entry::getKey).findFirst().orElse(offsets.size());
        }

        private long firstToHandOut() {
            return offsets.entrySet().stream()
                    .filter(each -> each.getValue().state == State.AVAILABLE
                            || each.getValue().state == State.UNSEEN)
                    .mapToLong(java.util.Map.Entry::getKey).findFirst().orElse(offsets.size());
        }

        private long firstOwned(String member, long from) {
            return offsets.tailMap(from).entrySet().stream()
                    .filter(each -> each.getValue().state == State.ACQUIRED
                            && member.equals(each.getValue().member))
                    .mapToLong(java.util.Map.Entry::getKey).findFirst().orElse(from);
        }

        private boolean owns(String member, long offset) {
            return offset < offsets.size() && at(offset).state == State.ACQUIRED
                    && member.equals(at(offset).member);
        }

        private Modelled at(long offset) {
            return java.util.Objects.requireNonNull(offsets.get(offset));
        }

        private String member() {
            return MEMBERS.get(random.nextInt(MEMBERS.size()));
        }
    }
}
