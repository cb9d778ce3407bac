// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file below {@code /proc} (proc(5)); empty where the process is gone or the file may not be read. */
final class ProcFile {
    private ProcFile() {}

    static Optional<String> read(String path) {
        try {
            return Optional.of(Files.readString(Path.of(path)));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
