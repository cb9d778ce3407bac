// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Bindings in the order they came. Most sets of a broker hold one: that one costs no collection.
 *
 * <p>Thread: the owner.
 */
final class BindingSet {
    private @Nullable Binding only;
    private @Nullable Set<Binding> many;

    boolean add(Binding binding) {
        if (many != null) {
            return many.add(binding);
        }
        if (only == null) {
            only = binding;
            return true;
        }
        if (only.equals(binding)) {
            return false;
        }
        many = new LinkedHashSet<>();
        many.add(only);
        many.add(binding);
        only = null;
        return true;
    }

    boolean remove(Binding binding) {
        if (many != null) {
            return many.remove(binding);
        }
        if (binding.equals(only)) {
            only = null;
            return true;
        }
        return false;
    }

    boolean contains(Binding binding) {
        return many != null ? many.contains(binding) : binding.equals(only);
    }

    boolean isEmpty() {
        return many != null ? many.isEmpty() : only == null;
    }

    int size() {
        return many != null ? many.size() : only == null ? 0 : 1;
    }

    void forEach(Consumer<Binding> action) {
        if (many != null) {
            many.forEach(action);
        } else if (only != null) {
            action.accept(only);
        }
    }
}
