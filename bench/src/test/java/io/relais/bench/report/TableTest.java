// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void setsTheBrokersSideBySideWithRatioAndGoal() {
        String table = new Table(List.of(run("durable-1k", "relais", 1, Map.of(Figure.BROKER_CPU, 8.0)),
                run("durable-1k", "rabbitmq", 1, Map.of(Figure.BROKER_CPU, 64.0)))).markdown();

        assertThat(table).isEqualTo("""
                | workload | figure | relais | rabbitmq | relais / rabbitmq | goal |
                | --- | --- | --- | --- | --- | --- |
                | durable-1k | broker CPU, s per million messages | 8.00 | 64.0 | 0.13 (1/8.00) | ≤ 1/6 reached |
                """);
    }

    @Test
    void saysSoWhereAGoalIsMissed() {
        String table = new Table(List.of(run("durable-1k", "relais", 1, Map.of(Figure.RECEIVED, 29_000.0)),
                run("durable-1k", "rabbitmq", 1, Map.of(Figure.RECEIVED, 10_000.0)))).markdown();

        assertThat(table).contains("| 29,000 | 10,000 | 2.90 | ≥ 3× **missed** |");
    }

    @Test
    void aGoalThatNeedsNoPeerIsJudgedWithoutOne() {
        String table = new Table(List.of(run("start-empty", "relais", 1, Map.of(Figure.START, 0.5)))).markdown();

        assertThat(table).contains("| start-empty | exec to first client served, s | 0.50 | < 0.7 reached |");
    }

    @Test
    void aDisturbedRunIsLeftOutWhereAnUndisturbedOneExistsAndNamed() {
        String table = new Table(
                List.of(run("latency", "relais", 1, Map.of(Figure.DELIVER_P99, 9.0, Figure.OTHERS, 0.9)),
                        run("latency", "relais", 2, Map.of(Figure.DELIVER_P99, 1.0, Figure.OTHERS, 0.01))))
                .markdown();

        assertThat(table).contains("| latency | publish to deliver, p99, ms | 1.00 |").contains("latency relais #1.");
    }

    @Test
    void disturbedRunsCountWhereThereAreNoOthers() {
        String table = new Table(
                List.of(run("latency", "relais", 1, Map.of(Figure.DELIVER_P99, 9.0, Figure.OTHERS, 0.9)))).markdown();

        assertThat(table).contains("| latency | publish to deliver, p99, ms | 9.00 |");
    }

    private static Run run(String workload, String broker, int repetition, Map<Figure, Double> figures) {
        return new Run(new Measured(workload, figures, Optional.empty()), broker, repetition, false, Instant.EPOCH);
    }
}
