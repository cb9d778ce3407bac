// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.relais.broker.queue.Route;
import org.jspecify.annotations.Nullable;

/**
 * Finds the queues that a message goes to.
 *
 * <p>What does not depend on headers is remembered per exchange and routing key until a binding or exchange changes. Equal sets of queues get the same {@link Route} object.
 *
 * <p>Thread: the owner. Memory: at most {@value #CACHED_MAX} remembered results; at that bound all are forgotten.
 */
public final class Router {
    static final int CACHED_MAX = 16_384;

    /** What a router looks up by name. */
    public interface Names {
        @Nullable
        Exchange exchange(String name);

        @Nullable
        BoundQueue queue(String name);
    }

    private final Names names;
    private final Routing routing;
    private final Map<Object, Route> cache = new HashMap<>();
    private final Map<Route, Route> interned = new HashMap<>();
    private final Probe probe = new Probe();
    private long version;
    private boolean repeatable;

    /** A key of the cache. */
    private record Key(Exchange exchange, String routingKey) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && exchange == key.exchange && routingKey.equals(key.routingKey);
        }

        @Override
        public int hashCode() {
            return Key.hash(exchange, routingKey);
        }

        static int hash(Exchange exchange, String routingKey) {
            return 31 * System.identityHashCode(exchange) + routingKey.hashCode();
        }
    }

    /** Looks like a key, for finding one without allocating. */
    private static final class Probe {
        private @Nullable Exchange exchange;
        private String routingKey = "";

        @Override
        @SuppressWarnings("EqualsUnsafeCast") // only ever compared with the keys of the cache
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && exchange == key.exchange && routingKey.equals(key.routingKey);
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(exchange) + routingKey.hashCode();
        }
    }

    public Router(Names names) {
        this.names = names;
        this.routing = new Routing(names);
    }

    /** Grows with every change that may change a route. */
    public long version() {
        return version;
    }

    /** Exchanges, bindings or queues changed: nothing remembered holds any more. */
    public void changed() {
        version++;
        cache.clear();
        interned.clear();
    }

    /** A queue without bindings came or went: only what the default exchange finds changes. */
    public void queueChanged() {
        version++;
    }

    /** Whether the last result holds for every message with the same exchange and key, as long as {@link #version} stays. */
    public boolean repeatable() {
        return repeatable;
    }

    /**
     * The queues for a message.
     *
     * @param headers asked only where a headers exchange is reached
     */
    public Route route(Exchange exchange, String routingKey, Supplier<Map<String, @Nullable Object>> headers) {
        if (exchange instanceof DefaultExchange) {
            repeatable = true;
            BoundQueue queue = names.queue(routingKey);
            return queue == null ? Route.NOWHERE : queue.route();
        }
        probe.exchange = exchange;
        probe.routingKey = routingKey;
        Route known = cache.get(probe);
        if (known != null) {
            repeatable = true;
            return known;
        }
        Route route = intern(routing.route(exchange, List.of(routingKey), headers));
        repeatable = !routing.readHeaders();
        if (repeatable) {
            remember(exchange, routingKey, route);
        }
        return route;
    }

    /** The queues for a message with several routing keys, as CC and BCC headers give it. Not remembered. */
    public Route route(Exchange exchange, List<String> routingKeys, Supplier<Map<String, @Nullable Object>> headers) {
        repeatable = false;
        return intern(routing.route(exchange, routingKeys, headers));
    }

    private void remember(Exchange exchange, String routingKey, Route route) {
        if (cache.size() >= CACHED_MAX) {
            cache.clear();
        }
        cache.put(new Key(exchange, routingKey), route);
    }

    private Route intern(List<BoundQueue> queues) {
        if (queues.isEmpty()) {
            return Route.NOWHERE;
        }
        if (queues.size() == 1) {
            return queues.getFirst().route();
        }
        if (interned.size() >= CACHED_MAX) {
            interned.clear();
        }
        Route route = new Route(queues.stream().map(BoundQueue::queue).toList());
        return interned.computeIfAbsent(route, same -> same);
    }

    int cachedCount() {
        return cache.size();
    }
}
