// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.report;

import java.util.List;
import java.util.Optional;

/** What Relais set out to reach on a workload; most goals are relative to RabbitMQ 3.10.8 in the same run. */
sealed interface Goal {

    String workload();

    Figure figure();

    /** As the report prints it. */
    String text();

    /** Whether it is reached, if that can be told from what was measured. */
    Optional<Boolean> reached(Optional<Spread> relais, Optional<Spread> peer);

    /** Relais' value divided by the peer's is at least this. */
    record AtLeastTimes(String workload, Figure figure, int times) implements Goal {
        @Override
        public String text() {
            return "≥ " + times + "×";
        }

        @Override
        public Optional<Boolean> reached(Optional<Spread> relais, Optional<Spread> peer) {
            return relais.flatMap(ours -> peer.map(theirs -> ours.median() >= times * theirs.median()));
        }
    }

    /** Relais' value is at most one {@code divisor}th of the peer's. */
    record AtMostOneIn(String workload, Figure figure, int divisor) implements Goal {
        @Override
        public String text() {
            return "≤ 1/" + divisor;
        }

        @Override
        public Optional<Boolean> reached(Optional<Spread> relais, Optional<Spread> peer) {
            return relais.flatMap(ours -> peer.map(theirs -> ours.median() * divisor <= theirs.median()));
        }
    }

    /** Relais' value is below this, whatever the peer does. */
    record Below(String workload, Figure figure, double limit) implements Goal {
        @Override
        public String text() {
            return "< " + limit;
        }

        @Override
        public Optional<Boolean> reached(Optional<Spread> relais, Optional<Spread> peer) {
            return relais.map(ours -> ours.median() < limit);
        }
    }

    /**
     * All of them; docs/performance.md shows the same table. The rate through 1,000 queues has its goal where the load has no limit: the other offers 10,000/s, less
     * than three times what RabbitMQ reaches.
     */
    List<Goal> ALL = List.of(new AtLeastTimes("durable-1k", Figure.RECEIVED, 3),
            new AtMostOneIn("durable-1k", Figure.BROKER_CPU, 6), //
            new AtLeastTimes("quorum-1k", Figure.RECEIVED, 3), //
            new AtMostOneIn("quorum-1k", Figure.BROKER_CPU, 6), //
            new AtLeastTimes("durable-12b", Figure.RECEIVED, 6), //
            new AtMostOneIn("durable-12b", Figure.BROKER_CPU, 12), //
            new AtLeastTimes("transient-1k", Figure.RECEIVED, 2), //
            new AtMostOneIn("transient-1k", Figure.BROKER_CPU, 5), //
            new AtMostOneIn("latency", Figure.DELIVER_P99, 2), //
            new AtMostOneIn("latency", Figure.DELIVER_P999, 2), //
            new AtMostOneIn("fanout-10", Figure.BROKER_CPU, 10), //
            new AtLeastTimes("backlog-fill", Figure.SENT, 3), //
            new AtLeastTimes("backlog-drain", Figure.RECEIVED, 3), //
            new AtMostOneIn("queues-1000", Figure.BROKER_CPU, 6), //
            new AtMostOneIn("queues-1000", Figure.MEMORY_PEAK, 4), //
            new AtLeastTimes("queues-1000-max", Figure.RECEIVED, 3), //
            new AtMostOneIn("queues-1000-max", Figure.BROKER_CPU, 6), //
            new AtMostOneIn("queues-1000-max", Figure.MEMORY_PEAK, 4), //
            new Below("idle-connections", Figure.PER_CONNECTION, 8), //
            new Below("idle-connections", Figure.PER_CONNECTION_AND_CHANNEL, 12), //
            new Below("start-empty", Figure.START, 0.7), //
            new Below("start-full", Figure.START, 2), //
            new Below("idle-memory", Figure.MEMORY_AFTER, 90));

    static Optional<Goal> of(String workload, Figure figure) {
        return ALL.stream().filter(goal -> goal.workload().equals(workload) && goal.figure() == figure).findFirst();
    }
}
