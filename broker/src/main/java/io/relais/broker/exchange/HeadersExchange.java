// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** Matches bindings whose arguments fit the headers of a message (AMQP 0-9-1, 3.1.3.4). Costs a look at every binding for every message. */
final class HeadersExchange extends Exchange {
    private final Map<Binding, HeadersMatch> matches = new LinkedHashMap<>();

    HeadersExchange(Traits traits) {
        super(traits);
    }

    @Override
    void index(Binding binding) {
        matches.put(binding, HeadersMatch.of(binding.arguments()));
    }

    @Override
    void unindex(Binding binding) {
        matches.remove(binding);
    }

    @Override
    void match(String routingKey, Supplier<Map<String, @Nullable Object>> headers, Consumer<Binding> found) {
        Map<String, @Nullable Object> values = headers.get();
        matches.forEach((binding, match) -> {
            if (match.matches(values)) {
                found.accept(binding);
            }
        });
    }

    @Override
    boolean readsHeaders() {
        return true;
    }
}
