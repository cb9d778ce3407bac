// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/** Results of stages that are complete once the executor of the test has run. */
public final class Await {
    private Await() {}

    public static <T extends @Nullable Object> T now(HandExecutor executor, CompletionStage<T> stage) {
        executor.runAll();
        return now(stage);
    }

    public static <T extends @Nullable Object> T now(CompletionStage<T> stage) {
        var future = stage.toCompletableFuture();
        if (!future.isDone()) {
            throw new AssertionError("the stage is not complete");
        }
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
