// SPDX-License-Identifier: Apache-2.0
package io.relais.log.commit;

import io.relais.log.LogException;

/** What writes a log, and another one in the same process can take over from. Thread: any. */
public interface Fenced extends AutoCloseable {
    long epoch();

    /** Lets no further append be acknowledged, and closes. Blocks until what is being written is decided. */
    void fence(LogException why);

    @Override
    void close();
}
