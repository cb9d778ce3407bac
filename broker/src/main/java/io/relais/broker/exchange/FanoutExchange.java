// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** Matches every binding (AMQP 0-9-1, 3.1.3.2). */
final class FanoutExchange extends Exchange {

    FanoutExchange(Traits traits) {
        super(traits);
    }

    @Override
    void index(Binding binding) {
        // The bindings themselves are the index.
    }

    @Override
    void unindex(Binding binding) {
        // The bindings themselves are the index.
    }

    @Override
    void match(String routingKey, Supplier<Map<String, @Nullable Object>> headers, Consumer<Binding> found) {
        eachOutgoing(found);
    }
}
