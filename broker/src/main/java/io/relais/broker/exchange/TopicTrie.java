// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Topic patterns as a trie over their words: {@code *} is one word, {@code #} any number of words, none included.
 *
 * <p>Matching walks all positions a key can be at, word by word, as a nondeterministic automaton does, each node at most once per word: so its cost is bounded by words × nodes, also for patterns with many {@code #}.
 *
 * <p>Thread: the owner.
 */
final class TopicTrie {
    private final Node root = new Node(null, "");
    private List<Node> positions = new ArrayList<>();
    private List<Node> next = new ArrayList<>();
    private long step;

    /** A prefix of patterns. */
    private static final class Node {
        private final @Nullable Node parent;
        private final String word;
        private final boolean any;
        private final BindingSet bindings = new BindingSet();
        private @Nullable Map<String, Node> children;
        private long reachedAt;

        Node(@Nullable Node parent, String word) {
            this.parent = parent;
            this.word = word;
            this.any = word.equals(TopicWords.ANY);
        }

        @Nullable
        Node child(String word) {
            return children == null ? null : children.get(word);
        }

        Node childFor(String word) {
            if (children == null) {
                children = new HashMap<>(4);
            }
            return children.computeIfAbsent(word, missing -> new Node(this, missing));
        }

        void drop(Node child) {
            if (children != null) {
                children.remove(child.word);
                children = children.isEmpty() ? null : children;
            }
        }
    }

    void add(Binding binding) {
        Node node = root;
        for (String word : TopicWords.split(binding.routingKey())) {
            node = node.childFor(word);
        }
        node.bindings.add(binding);
    }

    void remove(Binding binding) {
        Node node = root;
        for (String word : TopicWords.split(binding.routingKey())) {
            Node child = node.child(word);
            if (child == null) {
                return;
            }
            node = child;
        }
        node.bindings.remove(binding);
        for (Node parent = node.parent; parent != null && node.bindings.isEmpty()
                && node.children == null; parent = node.parent) {
            parent.drop(node);
            node = parent;
        }
    }

    /** Whether nothing is left of any pattern. */
    boolean isEmpty() {
        return root.children == null && root.bindings.isEmpty();
    }

    /** Finds the bindings whose pattern fits the key, each once. */
    void match(String routingKey, Consumer<Binding> found) {
        positions.clear();
        step++;
        reach(root, positions);
        for (String word : TopicWords.split(routingKey)) {
            advance(word);
        }
        for (Node node : positions) {
            node.bindings.forEach(found);
        }
    }

    private void advance(String word) {
        next.clear();
        step++;
        for (Node node : positions) {
            if (node.any) {
                reach(node, next);
            }
            reachChild(node, word, next);
            reachChild(node, TopicWords.ONE, next);
        }
        List<Node> done = positions;
        positions = next;
        next = done;
    }

    private void reachChild(Node node, String word, List<Node> into) {
        Node child = node.child(word);
        if (child != null) {
            reach(child, into);
        }
    }

    /** Adds a node, and what its {@code #} reaches without a word. */
    private void reach(Node node, List<Node> into) {
        for (Node reached = node; reached != null && reached.reachedAt != step; reached = reached
                .child(TopicWords.ANY)) {
            reached.reachedAt = step;
            into.add(reached);
        }
    }
}
