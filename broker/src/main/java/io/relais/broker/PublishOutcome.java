// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import org.jspecify.annotations.Nullable;

/**
 * What became of one publish. One instance per session, overwritten by the next publish.
 *
 * <p>Thread: the owner.
 */
public final class PublishOutcome {
    /** What happened. */
    public enum Kind {
        /** At least one queue took it. */
        ROUTED,
        /** No queue was bound for it: with the mandatory flag it is returned; it is confirmed. */
        UNROUTABLE,
        /** A queue is full and refuses publishes: negatively confirmed. */
        REJECTED,
        /** Not allowed, or no such exchange: see {@link #refusal()}. */
        REFUSED
    }

    private Kind kind = Kind.UNROUTABLE;
    private long ticket;
    private @Nullable Refusal refusal;

    public Kind kind() {
        return kind;
    }

    /** What {@link Broker#whenDurable} waits for before a confirm; 0 where nothing has to be waited for. Tickets grow. */
    public long ticket() {
        return ticket;
    }

    public Refusal refusal() {
        return java.util.Objects.requireNonNull(refusal, "only where kind is REFUSED");
    }

    PublishOutcome set(Kind kind, long ticket) {
        this.kind = kind;
        this.ticket = ticket;
        this.refusal = null;
        return this;
    }

    PublishOutcome refuse(Refusal refusal) {
        this.kind = Kind.REFUSED;
        this.ticket = 0;
        this.refusal = refusal;
        return this;
    }
}
