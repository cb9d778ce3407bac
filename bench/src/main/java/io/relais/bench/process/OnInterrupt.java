// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.process;

/** Something to be done if this program is interrupted before {@link #close}: nothing it started may outlive it. */
public final class OnInterrupt implements AutoCloseable {
    private final Thread hook;

    public OnInterrupt(String name, Runnable action) {
        hook = new Thread(action, name);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException interrupted) {
            // Shutting down: the action runs, or ran.
        }
    }
}
