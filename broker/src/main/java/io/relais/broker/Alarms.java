// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.relais.broker.Broker.BlockListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why publishers are blocked. Several sources (disk, memory, storage) raise and clear their own alarm; publishers go on when none is left.
 *
 * <p>Thread: the owner.
 */
public final class Alarms {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

    private final Map<String, String> raised = new LinkedHashMap<>();
    private final List<BlockListener> listeners = new ArrayList<>();

    /** Raises the alarm of a source, or changes its text. */
    public void raise(String source, String why) {
        String before = text();
        if (!why.equals(raised.put(source, why))) {
            LOG.warn("publishers are blocked ({}): {}", source, why);
        }
        tell(before);
    }

    /** Ends the alarm of a source; nothing happens where it raised none. */
    public void clear(String source) {
        String before = text();
        if (raised.remove(source) != null) {
            LOG.info("alarm ended: {}", source);
        }
        tell(before);
    }

    /** All reasons in one text; null where there is none. */
    public @Nullable String text() {
        return raised.isEmpty() ? null : String.join("; ", raised.values());
    }

    void add(BlockListener listener) {
        listeners.add(listener);
    }

    void remove(BlockListener listener) {
        listeners.remove(listener);
    }

    private void tell(@Nullable String before) {
        String now = text();
        if (!Objects.equals(before, now)) {
            List.copyOf(listeners).forEach(listener -> listener.blocked(now));
        }
    }
}
