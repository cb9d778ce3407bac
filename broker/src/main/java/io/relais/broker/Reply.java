// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

/**
 * Where the answer to a command goes. Exactly one of the two is called, once, on the owner thread: before the command returns, or later where it waits for the disk.
 */
public interface Reply<T extends @org.jspecify.annotations.Nullable Object> {

    void done(T value);

    void refused(Refusal refusal);
}
