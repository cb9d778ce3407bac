// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.ArrayList;
import java.util.List;

/**
 * What a binding leads to: a queue or another exchange.
 *
 * <p>Thread: the owner.
 */
public abstract sealed class Destination permits Exchange, BoundQueue {
    private final String name;
    private final boolean durable;
    private final BindingSet incoming = new BindingSet();

    Destination(String name, boolean durable) {
        this.name = name;
        this.durable = durable;
    }

    public final String name() {
        return name;
    }

    /** Whether it is there again after a restart. */
    public final boolean durable() {
        return durable;
    }

    /** The bindings that lead here. */
    public final List<Binding> incoming() {
        List<Binding> bindings = new ArrayList<>();
        incoming.forEach(bindings::add);
        return bindings;
    }

    final void addIncoming(Binding binding) {
        incoming.add(binding);
    }

    final void removeIncoming(Binding binding) {
        incoming.remove(binding);
    }
}
