// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.io.IOException;

/** The disk under the data folder. Blocks a little: not for the owner thread. */
public interface Volume {
    /** Nobody knows. */
    Volume UNKNOWN = new Volume() {
        @Override
        public long totalBytes() {
            return -1;
        }

        @Override
        public long usableBytes() {
            return -1;
        }
    };

    /** Bytes of the whole disk; -1 where that is not known. */
    long totalBytes() throws IOException;

    /** Bytes that can still be written; -1 where that is not known. */
    long usableBytes() throws IOException;
}
