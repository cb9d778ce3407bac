// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.relais.bench.load.LatencyLoad;
import io.relais.bench.load.ManyQueuesLoad;

/** All workloads, in the order of docs/performance.md. */
public final class Workloads {
    private static final int MANY = 1_000;
    private static final String MANY_PREFIX = "relais-bench-many-";
    private static final String LATENCY_QUEUE = "relais-bench-latency";

    static final PerfTestWorkload DURABLE_1K = perfTest("durable-1k",
            "durable queue, persistent 1 KB, at most 1,000 unconfirmed, one producer, one consumer",
            Leftovers.queue("relais-bench-durable"),
            "-x 1 -y 1 -f persistent -ad false -u relais-bench-durable -c 1000 -q 500 -A 100 -s 1024");

    private static final List<Workload> ALL = List.of(DURABLE_1K,
            perfTest("quorum-1k", "the same on a quorum queue", Leftovers.queue("relais-bench-quorum"),
                    "-x 1 -y 1 -qq -f persistent -ad false -u relais-bench-quorum -c 1000 -q 500 -A 100 -s 1024"),
            perfTest("durable-12b", "the same with bodies of 12 bytes, four producers, four consumers",
                    Leftovers.queue("relais-bench-small"),
                    "-x 4 -y 4 -f persistent -ad false -u relais-bench-small -c 1000 -q 500 -A 100 -s 12"),
            perfTest("transient-1k", "transient 1 KB, automatic acknowledgement", Leftovers.NONE,
                    "-x 1 -y 1 -a -s 1024"),
            new OwnLoadWorkload("latency", "persistent 1 KB at 5,000/s, open loop, confirms; 5 s of lead",
                    LatencyLoad.class, 5,
                    (lead, seconds) -> List.of(LATENCY_QUEUE, "5000", lead.toString(), seconds.toString(), "1024"),
                    Leftovers.queue(LATENCY_QUEUE)),
            perfTest("fanout-10", "one producer, fan-out exchange, 10 queues with a consumer each, transient 1 KB",
                    new Leftovers(List.of(), List.of("relais-bench-fanout")),
                    "-x 1 -y 10 -t fanout -e relais-bench-fanout --queue-pattern relais-bench-fanout-%d"
                            + " --queue-pattern-from 1 --queue-pattern-to 10 -a -s 1024"),
            new BacklogWorkload("backlog",
                    "fill a durable queue with 1,000,000 (--messages) persistent 1 KB messages, drain it",
                    OptionalInt.empty()),
            new BacklogWorkload("backlog-10m", "the same with 10,000,000: needs 12 GB of disk",
                    OptionalInt.of(10_000_000)),
            new PerfTestWorkload("queues-1000",
                    "1,000 durable queues with a producer at 10/s and a consumer each, confirms; 15 s of lead",
                    List.of(("-x 1000 -y 1000 -f persistent -ad false --queue-pattern " + MANY_PREFIX + "%d"
                            + " --queue-pattern-from 1 --queue-pattern-to 1000 -c 10 -q 10 -s 1024 -P 0.1"
                            + " -niot 4 -niotp 8 -ctp 10 -hst 10 -pst 10 -prsd 1").split(" ")),
                    many(), 15),
            new OwnLoadWorkload("queues-1000-max",
                    "the same without a limit of rate, at most 10 unconfirmed each; 5 s of lead",
                    ManyQueuesLoad.class, 5,
                    (lead, seconds) -> List.of(MANY_PREFIX, Integer.toString(MANY), lead.toString(),
                            seconds.toString()),
                    many()),
            new IdleConnectionsWorkload("idle-connections",
                    "1,000 (--connections) idle connections, then a channel on each"),
            new StartWorkload("start",
                    "exec to first client served, on empty folders and with 1,000,000 (--messages) messages"),
            new IdleMemoryWorkload("idle-memory", "resident memory 10 s after the start"));

    private Workloads() {}

    /** By names separated by commas. @throws IllegalArgumentException that lists the known names if one is unknown */
    public static List<Workload> named(String names) {
        return Stream.of(names.split(",", -1)).map(Workloads::one).toList();
    }

    /** A line for each, for {@code --help}. */
    public static String help() {
        return ALL.stream().map(workload -> "%-17s %s".formatted(workload.name(), workload.description()))
                .collect(Collectors.joining("\n"));
    }

    private static Workload one(String name) {
        return ALL.stream().filter(workload -> workload.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no workload '" + name + "'; there are:\n" + help()));
    }

    private static PerfTestWorkload perfTest(String name, String description, Leftovers leftovers, String arguments) {
        return new PerfTestWorkload(name, description, List.of(arguments.split(" ")), leftovers, 0);
    }

    private static Leftovers many() {
        return new Leftovers(IntStream.rangeClosed(1, MANY).mapToObj(i -> MANY_PREFIX + i).toList(), List.of());
    }
}
