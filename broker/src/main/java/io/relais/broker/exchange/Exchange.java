// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.relais.broker.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * An exchange with the bindings whose source it is. What a type adds is an index over them, and how it matches.
 *
 * <p>Thread: the owner. Memory: about 150 bytes per binding besides its routing key. Adding and removing a binding costs its number of words at most, never the number of bindings.
 */
public abstract sealed class Exchange extends Destination
        permits DefaultExchange, DirectExchange, FanoutExchange, TopicExchange, HeadersExchange {
    private final Traits traits;
    private final BindingSet outgoing = new BindingSet();

    /** How an exchange was declared. */
    public record Traits(String name, Type type, boolean durable, boolean autoDelete, boolean internal,
            Arguments arguments) {}

    /** The types of AMQP 0-9-1, 3.1.3. */
    public enum Type {
        DIRECT("direct"), FANOUT("fanout"), TOPIC("topic"), HEADERS("headers");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        /** The type with a name of the protocol, or null. */
        public static @Nullable Type of(String name) {
            for (Type type : values()) {
                if (type.text.equals(name)) {
                    return type;
                }
            }
            return null;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    Exchange(Traits traits) {
        super(traits.name(), traits.durable());
        this.traits = traits;
    }

    /** A new exchange without bindings. */
    public static Exchange create(Traits traits) {
        return switch (traits.type()) {
            case DIRECT -> new DirectExchange(traits);
            case FANOUT -> new FanoutExchange(traits);
            case TOPIC -> new TopicExchange(traits);
            case HEADERS -> new HeadersExchange(traits);
        };
    }

    public final Traits traits() {
        return traits;
    }

    /** Where messages go that match no binding; null where it was not given. */
    public final @Nullable String alternateExchange() {
        return traits.arguments().get("alternate-exchange") instanceof String name ? name : null;
    }

    /** Adds a binding whose source this is. Returns false where it was there. */
    public final boolean add(Binding binding) {
        if (!outgoing.add(binding)) {
            return false;
        }
        binding.destination().addIncoming(binding);
        index(binding);
        return true;
    }

    /** Removes a binding. Returns false where there was none. */
    public final boolean remove(Binding binding) {
        if (!outgoing.remove(binding)) {
            return false;
        }
        binding.destination().removeIncoming(binding);
        unindex(binding);
        return true;
    }

    /** Whether this very binding exists. */
    public final boolean contains(Binding binding) {
        return outgoing.contains(binding);
    }

    /** Whether no binding has this exchange as its source. */
    public final boolean isUnused() {
        return outgoing.isEmpty();
    }

    /** The bindings whose source this is. */
    public final List<Binding> outgoing() {
        List<Binding> bindings = new ArrayList<>(outgoing.size());
        outgoing.forEach(bindings::add);
        return bindings;
    }

    final void eachOutgoing(Consumer<Binding> action) {
        outgoing.forEach(action);
    }

    abstract void index(Binding binding);

    abstract void unindex(Binding binding);

    /** Finds the bindings that match; the same destination may come up more than once. */
    abstract void match(String routingKey, Supplier<Map<String, @Nullable Object>> headers, Consumer<Binding> found);

    /** Whether what matches depends on more than the routing key. */
    boolean readsHeaders() {
        return false;
    }
}
