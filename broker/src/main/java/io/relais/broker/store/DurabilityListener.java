// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

/** Told of the disk. Thread: the owner. */
public interface DurabilityListener {

    void durable();

    /** The storage failed: what was waited for may be lost. */
    void failed(String why);
}
