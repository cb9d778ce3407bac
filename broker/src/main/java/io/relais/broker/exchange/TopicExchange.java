// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** Matches bindings whose key is a pattern that the words of the routing key fit (AMQP 0-9-1, 3.1.3.3). */
final class TopicExchange extends Exchange {
    private final TopicTrie trie = new TopicTrie();

    TopicExchange(Traits traits) {
        super(traits);
    }

    @Override
    void index(Binding binding) {
        trie.add(binding);
    }

    @Override
    void unindex(Binding binding) {
        trie.remove(binding);
    }

    @Override
    void match(String routingKey, Supplier<Map<String, @Nullable Object>> headers, Consumer<Binding> found) {
        trie.match(routingKey, found);
    }
}
