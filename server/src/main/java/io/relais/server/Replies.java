// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import io.relais.broker.Refusal;
import io.relais.broker.Reply;
import io.relais.server.control.OperationFailedException;
import org.jspecify.annotations.Nullable;

/** Gives the broker a command, and waits for its reply. Never on the owner thread. */
final class Replies {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Executor owner;

    /** @param owner runs a command on the thread where it may run */
    Replies(Executor owner) {
        this.owner = owner;
    }

    /** @throws OperationFailedException where the command is refused or not answered */
    <T extends @Nullable Object> T await(Consumer<Reply<T>> command) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Reply<T> reply = new Reply<>() {
            @Override
            public void done(T value) {
                answer.complete(value);
            }

            @Override
            public void refused(Refusal refusal) {
                answer.completeExceptionally(new OperationFailedException(refusal.text()));
            }
        };
        owner.execute(() -> {
            try {
                command.accept(reply);
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return await(answer);
    }

    private static <T extends @Nullable Object> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException _) {
            throw new OperationFailedException(
                    "no answer within " + PATIENCE.toSeconds() + " s; whether it was done is unknown");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new OperationFailedException("interrupted; whether it was done is unknown");
        }
    }
}
