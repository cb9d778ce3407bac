// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.relais.broker.Arguments;
import org.jspecify.annotations.Nullable;

/** The exchange without a name: every queue is bound to it by its own name, without a binding being kept. {@link Router} looks the queue up. */
public final class DefaultExchange extends Exchange {
    public static final String NAME = "";

    public DefaultExchange() {
        super(new Traits(NAME, Type.DIRECT, true, false, false, Arguments.NONE));
    }

    @Override
    void index(Binding binding) {
        throw new IllegalStateException("the default exchange takes no bindings");
    }

    @Override
    void unindex(Binding binding) {
        throw new IllegalStateException("the default exchange has no bindings");
    }

    @Override
    void match(String routingKey, Supplier<Map<String, @Nullable Object>> headers, Consumer<Binding> found) {
        // Reached from another exchange: RabbitMQ 3.10 matches nothing here, since there are no bindings.
    }
}
