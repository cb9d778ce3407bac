// SPDX-License-Identifier: Apache-2.0
package io.relais.log.commit;

import io.relais.log.LogException;
import io.relais.log.LogWriter;

/** A writer that another one in the same process can take over from. Thread: any. */
public interface FencedWriter extends LogWriter {
    long epoch();

    /** Lets no further append be acknowledged, and closes. Blocks until a group that is being written is decided. */
    void fence(LogException why);
}
