// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** Who answers which API key: what is in it is what {@code ApiVersions} tells clients. Thread: filled before the first connection, then any. */
public final class ApiTable {
    private final Map<ApiKeys, ApiHandler> handlers = new EnumMap<>(ApiKeys.class);
    private final UnaryOperator<ApiHandler> around;

    public ApiTable() {
        this(UnaryOperator.identity());
    }

    /** @param around put around every handler */
    public ApiTable(UnaryOperator<ApiHandler> around) {
        this.around = around;
    }

    /** Adds a handler. Every key has one at most. */
    public ApiTable on(ApiKeys key, ApiHandler handler) {
        if (handlers.put(key, around.apply(handler)) != null) {
            throw new IllegalArgumentException(key + " has a handler already");
        }
        return this;
    }

    @Nullable
    ApiHandler handler(ApiKeys key) {
        return handlers.get(key);
    }

    /** The keys that are served. */
    public Set<ApiKeys> keys() {
        return Collections.unmodifiableSet(handlers.keySet());
    }
}
