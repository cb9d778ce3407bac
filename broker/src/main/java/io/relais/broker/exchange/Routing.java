// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Follows bindings from exchange to exchange until only queues are left: each exchange is visited once, so cycles end; each queue counts once. An exchange where nothing matches passes the message to its alternate exchange.
 *
 * <p>Thread: the owner.
 */
final class Routing {
    private final Router.Names names;
    private final Deque<Exchange> due = new ArrayDeque<>();
    private final Set<Exchange> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<BoundQueue> queues = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean readHeaders;
    private boolean matched;

    Routing(Router.Names names) {
        this.names = names;
    }

    /** Whether the last result depended on headers. */
    boolean readHeaders() {
        return readHeaders;
    }

    List<BoundQueue> route(Exchange exchange, List<String> routingKeys,
            Supplier<Map<String, @Nullable Object>> headers) {
        readHeaders = false;
        visit(exchange);
        while (!due.isEmpty()) {
            Exchange next = due.removeFirst();
            if (next instanceof DefaultExchange) {
                byName(routingKeys);
            } else {
                match(next, routingKeys, headers);
            }
        }
        List<BoundQueue> found = new ArrayList<>(queues);
        found.sort(Comparator.comparingLong(BoundQueue::sequence));
        seen.clear();
        queues.clear();
        return found;
    }

    private void byName(List<String> routingKeys) {
        for (String key : routingKeys) {
            BoundQueue queue = names.queue(key);
            if (queue != null) {
                queues.add(queue);
            }
        }
    }

    private void match(Exchange exchange, List<String> routingKeys, Supplier<Map<String, @Nullable Object>> headers) {
        matched = false;
        readHeaders |= exchange.readsHeaders();
        for (String key : routingKeys) {
            exchange.match(key, headers, this::follow);
        }
        String alternate = exchange.alternateExchange();
        if (!matched && alternate != null && !alternate.equals(DefaultExchange.NAME)) {
            Exchange next = names.exchange(alternate);
            if (next != null) {
                visit(next);
            }
        }
    }

    private void follow(Binding binding) {
        matched = true;
        switch (binding.destination()) {
            case BoundQueue queue -> queues.add(queue);
            case Exchange exchange -> visit(exchange);
        }
    }

    private void visit(Exchange exchange) {
        if (seen.add(exchange)) {
            due.add(exchange);
        }
    }
}
