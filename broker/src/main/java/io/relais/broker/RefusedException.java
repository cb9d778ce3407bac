// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

/**
 * Carries a {@link Refusal} from where a control command is checked to the edge of its session, which turns it into {@link Reply#refused}. Never used for publishing or delivering; has no stack trace.
 */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    public RefusedException(Refusal refusal) {
        super(refusal.text(), null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }

    public static RefusedException preconditionFailed(String text) {
        return new RefusedException(new Refusal.PreconditionFailed(text));
    }

    public static RefusedException accessRefused(String text) {
        return new RefusedException(new Refusal.AccessRefused(text));
    }

    public static RefusedException notFound(String text) {
        return new RefusedException(new Refusal.NotFound(text));
    }
}
