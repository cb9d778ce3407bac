// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.function.Consumer;

import io.relais.broker.Refusal;
import io.relais.broker.Reply;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a command of a client, which may come later: until then the connection's input waits, so that its commands keep their order.
 *
 * <p>Thread: the owner.
 */
final class PendingReply<T extends @Nullable Object> implements Reply<T> {

    /** Where the command came from: the connection itself or a channel. */
    interface Origin {
        /** Whether the answer still interests anyone. */
        boolean awaitsReplies();

        /** Runs what follows the answer; what it throws ends the origin. */
        void carryOut(int methodId, Runnable action);
    }

    private final Origin origin;
    private final ReadGate gate;
    private final int methodId;
    private final Consumer<T> then;
    private final Consumer<T> otherwise;

    /** @param otherwise takes the value where nobody is interested any more */
    PendingReply(Origin origin, ReadGate gate, int methodId, Consumer<T> then, Consumer<T> otherwise) {
        this.origin = origin;
        this.gate = gate;
        this.methodId = methodId;
        this.then = then;
        this.otherwise = otherwise;
        gate.hold(ReadGate.Reason.AWAITING_REPLY);
    }

    @Override
    public void done(T value) {
        if (origin.awaitsReplies()) {
            origin.carryOut(methodId, () -> then.accept(value));
        } else {
            otherwise.accept(value);
        }
        gate.release(ReadGate.Reason.AWAITING_REPLY);
    }

    @Override
    public void refused(Refusal refusal) {
        if (origin.awaitsReplies()) {
            origin.carryOut(methodId, () -> {
                throw ReplyCodes.exception(refusal);
            });
        }
        gate.release(ReadGate.Reason.AWAITING_REPLY);
    }
}
