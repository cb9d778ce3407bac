// SPDX-License-Identifier: Apache-2.0
package io.relais.log.commit;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import io.relais.log.LogException;
import org.jspecify.annotations.Nullable;

/** Work that waits for the disk, done where waiting is allowed. */
public final class Blocking {
    private Blocking() {}

    /**
     * Runs work on an executor.
     *
     * @param what for the text of {@link LogException.Io}, which takes the place of what the disk throws
     */
    public static <T extends @Nullable Object> CompletionStage<T> on(Executor executor, String what, Callable<T> work) {
        var result = new CompletableFuture<T>();
        executor.execute(() -> {
            try {
                result.complete(work.call());
            } catch (IOException e) {
                result.completeExceptionally(new LogException.Io(what, e));
            } catch (Exception | OutOfMemoryError e) { // a caller's mistake, or his visitor's own
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
