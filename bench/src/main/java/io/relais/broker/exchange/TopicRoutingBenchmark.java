// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.Map;

import io.relais.bench.micro.MicroBenchmark;
import io.relais.broker.Arguments;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Matching one key of three words against the bindings of a topic exchange: a quarter each of exact keys, {@code *} in the middle, {@code *} in front, {@code #} at
 * the end. This is what a routing result costs that is not remembered. In this package for the sake of its package-private classes.
 */
public class TopicRoutingBenchmark extends MicroBenchmark {
    private static final Map<String, @Nullable Object> NO_HEADERS = Map.of();

    @Param({"10", "1000", "100000"})
    int bindings;

    private final Exchange topic = exchange("topic", Exchange.Type.TOPIC);
    private final Exchange destination = exchange("destination", Exchange.Type.FANOUT);
    private int matched;

    @Setup
    public void bind() {
        for (int i = 0; i < bindings; i++) {
            int word = i / 4;
            String pattern = switch (i % 4) {
                case 0 -> "order.created." + word;
                case 1 -> "order.*." + word;
                case 2 -> "*.created." + word;
                default -> "customer." + word + ".#";
            };
            topic.add(new Binding(topic, destination, pattern, Arguments.NONE));
        }
    }

    @Benchmark
    public int match() {
        matched = 0;
        topic.match("order.created.1", () -> NO_HEADERS, _ -> matched++);
        return matched;
    }

    private static Exchange exchange(String name, Exchange.Type type) {
        return Exchange.create(new Exchange.Traits(name, type, true, false, false, Arguments.NONE));
    }
}
