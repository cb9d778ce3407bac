// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** Matches bindings whose key equals the routing key (AMQP 0-9-1, 3.1.3.1). */
final class DirectExchange extends Exchange {
    private final Map<String, BindingSet> byKey = new HashMap<>();

    DirectExchange(Traits traits) {
        super(traits);
    }

    @Override
    void index(Binding binding) {
        byKey.computeIfAbsent(binding.routingKey(), key -> new BindingSet()).add(binding);
    }

    @Override
    void unindex(Binding binding) {
        byKey.computeIfPresent(binding.routingKey(), (key, bindings) -> {
            bindings.remove(binding);
            return bindings.isEmpty() ? null : bindings;
        });
    }

    @Override
    void match(String routingKey, Supplier<Map<String, @Nullable Object>> headers, Consumer<Binding> found) {
        BindingSet bindings = byKey.get(routingKey);
        if (bindings != null) {
            bindings.forEach(found);
        }
    }
}
