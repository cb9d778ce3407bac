// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import io.relais.broker.runtime.Owner;
import org.jspecify.annotations.Nullable;

/** The two clocks of a queue: when its first message expires, and when it has been unused for too long. Thread: the owner. */
final class QueueTimers {
    private final Owner owner;
    private final long expiresMs;
    private final Runnable onHeadExpiry;
    private final Runnable onUnused;
    private Owner.@Nullable Timer head;
    private long headAtMs;
    private Owner.@Nullable Timer unused;

    /**
     * Starts the clock of an unused queue.
     *
     * @param expiresMs how long the queue may be unused; -1 for ever
     */
    QueueTimers(Owner owner, long expiresMs, Runnable onHeadExpiry, Runnable onUnused) {
        this.owner = owner;
        this.expiresMs = expiresMs;
        this.onHeadExpiry = onHeadExpiry;
        this.onUnused = onUnused;
        used(true);
    }

    /** The queue was used just now. While it has consumers it is in use. */
    void used(boolean mayExpireFromNow) {
        if (expiresMs < 0) {
            return;
        }
        if (unused != null) {
            unused.cancel();
            unused = null;
        }
        if (mayExpireFromNow) {
            unused = owner.schedule(expiresMs, onUnused);
        }
    }

    void headExpiresAt(long atMs, long nowMs) {
        if (head != null && headAtMs <= atMs) {
            return;
        }
        if (head != null) {
            head.cancel();
        }
        headAtMs = atMs;
        head = owner.schedule(Math.max(1, atMs - nowMs), () -> {
            head = null;
            onHeadExpiry.run();
        });
    }

    void cancel() {
        if (head != null) {
            head.cancel();
            head = null;
        }
        if (unused != null) {
            unused.cancel();
            unused = null;
        }
    }
}
