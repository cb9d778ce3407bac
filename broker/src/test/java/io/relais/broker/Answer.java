// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;

/** A reply, kept for looking at. */
final class Answer<T extends @Nullable Object> implements Reply<T> {
    private @Nullable T value;
    private @Nullable Refusal refusal;
    private int count;

    @Override
    public void done(T value) {
        this.value = value;
        count++;
    }

    @Override
    public void refused(Refusal refusal) {
        this.refusal = refusal;
        count++;
    }

    /** Whether the answer is there; it must not come twice. */
    boolean came() {
        assertThat(count).as("answers to one command").isLessThanOrEqualTo(1);
        return count == 1;
    }

    @Nullable
    T value() {
        assertThat(came()).as("an answer").isTrue();
        assertThat(refusal == null ? null : refusal.text()).as("refusal").isNull();
        return value;
    }

    Refusal refusal() {
        assertThat(came()).as("an answer").isTrue();
        if (refusal == null) {
            throw new AssertionError("not refused, but answered with " + value);
        }
        return refusal;
    }
}
