// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static io.relais.broker.TestClient.queue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

import org.junit.jupiter.api.RepeatedTest;

/** Random declarations, bindings and deletions on a broker and on a set of tuples; after each, messages reach what the tuples say. */
class TopologyModelTest {
    private static final List<String> QUEUES = List.of("q0", "q1", "q2", "q3", "q4");
    private static final List<String> KEYS = List.of("a", "b", "a.b");

    /** A binding as a tuple. */
    private record Tuple(String source, boolean toQueue, String destination, String key) {}

    /** What there is, and the rules of AMQP read aloud. */
    private static final class Model {
        final Set<String> queues = new LinkedHashSet<>();
        final Map<String, Boolean> exchanges = new LinkedHashMap<>();
        final Set<Tuple> bindings = new LinkedHashSet<>();

        void remove(Set<Tuple> gone) {
            bindings.removeAll(gone);
            for (Tuple tuple : gone) {
                boolean last = bindings.stream().noneMatch(left -> left.source.equals(tuple.source));
                if (last && Boolean.TRUE.equals(exchanges.get(tuple.source))) {
                    removeExchange(tuple.source);
                }
            }
        }

        void removeExchange(String name) {
            exchanges.remove(name);
            remove(matching(tuple -> tuple.source.equals(name)));
            remove(matching(tuple -> !tuple.toQueue && tuple.destination.equals(name)));
        }

        void removeQueue(String name) {
            queues.remove(name);
            remove(matching(tuple -> tuple.toQueue && tuple.destination.equals(name)));
        }

        Set<Tuple> matching(java.util.function.Predicate<Tuple> condition) {
            Set<Tuple> found = new LinkedHashSet<>(bindings);
            found.removeIf(condition.negate());
            return found;
        }

        Set<String> reached(String exchange, String key) {
            Set<String> seen = new LinkedHashSet<>();
            Set<String> found = new TreeSet<>();
            visit(exchange, key, seen, found);
            return found;
        }

        private void visit(String exchange, String key, Set<String> seen, Set<String> found) {
            if (!seen.add(exchange)) {
                return;
            }
            for (Tuple tuple : bindings) {
                if (tuple.source.equals(exchange) && fits(exchange, tuple.key, key)) {
                    if (tuple.toQueue) {
                        found.add(tuple.destination);
                    } else {
                        visit(tuple.destination, key, seen, found);
                    }
                }
            }
        }

        /** The name of an exchange begins with its type here; topic patterns are kept to a word or "#". */
        private static boolean fits(String exchange, String pattern, String key) {
            return exchange.startsWith("fanout") || pattern.equals(key)
                    || (exchange.startsWith("topic") && pattern.equals("#"));
        }
    }

    @RepeatedTest(30)
    void messagesReachWhatTheModelSays() {
        long seed = Long.getLong("seed", RandomGenerator.getDefault().nextLong());
        try (SimulatedBroker broker = SimulatedBroker.start(seed)) {
            history(seed, broker.client());
        }
    }

    private static void history(long seed, TestClient client) {
        Random random = new Random(seed);
        Model model = new Model();
        List<String> exchanges = List.of("fanout0", "fanout1", "direct0", "direct1", "topic0", "topic1");
        for (int step = 0; step < 150; step++) {
            String exchange = exchanges.get(random.nextInt(exchanges.size()));
            String queue = QUEUES.get(random.nextInt(QUEUES.size()));
            step(random, client, model, exchange, queue);
            String key = KEYS.get(random.nextInt(KEYS.size()));
            if (model.exchanges.containsKey(exchange)) {
                assertThat(new TreeSet<>(client.whoGets(exchange, key, List.copyOf(model.queues))))
                        .as("step %d: %s with %s, -Dseed=%d", step, exchange, key, seed)
                        .isEqualTo(model.reached(exchange, key));
            }
            assertThat(client.exchangeExists(exchange)).as("step %d: %s, -Dseed=%d", step, exchange, seed)
                    .isEqualTo(model.exchanges.containsKey(exchange));
        }
        new ArrayList<>(model.queues).forEach(client::deleteQueue);
    }

    private static void step(Random random, TestClient client, Model model, String exchange, String queue) {
        String key = random.nextInt(4) == 0 ? "#" : KEYS.get(random.nextInt(KEYS.size()));
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                client.declare(queue(queue));
                model.queues.add(queue);
            }
            case 2 -> {
                client.deleteQueue(queue);
                model.removeQueue(queue);
            }
            case 3, 4 -> {
                if (!model.exchanges.containsKey(exchange)) {
                    boolean autoDelete = random.nextBoolean();
                    client.declare(new ExchangeDeclaration(exchange, exchange.replaceAll("\\d", ""), false,
                            autoDelete, false, Map.of()));
                    model.exchanges.put(exchange, autoDelete);
                }
            }
            case 5 -> {
                if (random.nextInt(3) == 0) {
                    client.deleteExchange(exchange);
                    model.removeExchange(exchange);
                }
            }
            case 6, 7 -> {
                if (model.exchanges.containsKey(exchange) && model.queues.contains(queue)) {
                    client.bind(queue, exchange, key);
                    model.bindings.add(new Tuple(exchange, true, queue, key));
                }
            }
            case 8 -> {
                client.unbind(queue, exchange, key);
                model.remove(model.matching(tuple -> tuple.equals(new Tuple(exchange, true, queue, key))));
            }
            default -> {
                List<String> there = List.copyOf(model.exchanges.keySet());
                if (model.exchanges.containsKey(exchange)) {
                    String destination = there.get(random.nextInt(there.size()));
                    client.bindExchange(destination, exchange, key);
                    model.bindings.add(new Tuple(exchange, false, destination, key));
                }
            }
        }
    }
}
