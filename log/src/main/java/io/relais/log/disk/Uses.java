// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import org.jspecify.annotations.Nullable;

/** Counts who uses a file, so that nobody closes or deletes it under them. Thread: any. */
public final class Uses {
    private int count;
    private @Nullable Runnable whenUnused;

    /**
     * Begins a use.
     *
     * @return false where the file is retired
     */
    public synchronized boolean acquire() {
        if (whenUnused != null) {
            return false;
        }
        count++;
        return true;
    }

    /** Ends a use. */
    public void release() {
        Runnable action;
        synchronized (this) {
            action = --count == 0 ? whenUnused : null;
        }
        if (action != null) {
            action.run();
        }
    }

    /** Lets nobody begin a use any more, and runs {@code action} once when the last one is over. A second call does nothing. */
    public void retire(Runnable action) {
        synchronized (this) {
            if (whenUnused != null) {
                return;
            }
            whenUnused = action;
            if (count > 0) {
                return;
            }
        }
        action.run();
    }
}
