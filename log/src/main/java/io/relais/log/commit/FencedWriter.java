// SPDX-License-Identifier: Apache-2.0
package io.relais.log.commit;

import io.relais.log.LogWriter;

/** A writer that another one in the same process can take over from. Thread: any. */
public interface FencedWriter extends LogWriter, Fenced {
    @Override
    void close();
}
