// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.relais.broker.runtime.Owner;
import org.jspecify.annotations.Nullable;

/** Has the owner do something, and waits for it. Never from the owner thread itself. */
final class OnOwner {
    private final Owner owner;

    OnOwner(Owner owner) {
        this.owner = owner;
    }

    /** Starts something on the owner thread; completes when that does. */
    <T extends @Nullable Object> CompletableFuture<T> start(Supplier<CompletionStage<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        owner.execute(() -> {
            try {
                work.get().whenComplete((value, error) -> {
                    if (error == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(error);
                    }
                });
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Computes something on the owner thread. */
    <T extends @Nullable Object> CompletableFuture<T> compute(Supplier<T> work) {
        return start(() -> CompletableFuture.completedFuture(work.get()));
    }

    /** Waits at most so long for what was started; whether it came to its end. */
    static boolean await(CompletableFuture<?> started, Duration atMost)
            throws InterruptedException, ExecutionException {
        try {
            started.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        }
    }
}
