// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import io.relais.broker.Arguments;

/** Messages that {@code source} matches with the key and the arguments go on to {@code destination}. Two bindings are the same if all four are. */
public record Binding(Exchange source, Destination destination, String routingKey, Arguments arguments) {

    /** Whether it is there again after a restart: if both its ends are. */
    public boolean durable() {
        return source.durable() && destination.durable();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // an exchange or queue declared again under the same name is another one
    public boolean equals(Object other) {
        return other instanceof Binding binding && source == binding.source && destination == binding.destination
                && routingKey.equals(binding.routingKey) && arguments.equals(binding.arguments);
    }

    @Override
    public int hashCode() {
        int ends = 31 * System.identityHashCode(source) + System.identityHashCode(destination);
        return 31 * (31 * ends + routingKey.hashCode()) + arguments.hashCode();
    }

    @Override
    public String toString() {
        return source.name() + " -" + routingKey + "-> " + destination.name();
    }
}
