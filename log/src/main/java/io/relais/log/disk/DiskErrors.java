// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Gives failures the text an operator needs: which file, and what the system said. */
final class DiskErrors {
    private DiskErrors() {}

    static IOException at(Path file, IOException cause) {
        String what = cause.getMessage();
        if (what == null) {
            what = cause.getClass().getSimpleName();
        }
        return new IOException(what.contains(file.toString()) ? what : file + ": " + what, cause);
    }

    static IOException absent(Path file) {
        return new NoSuchFileException(file.toString());
    }
}
