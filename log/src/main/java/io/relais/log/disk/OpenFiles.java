// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many files a {@link FilePool} may keep open: opening one again for each append costs more than the append. */
public final class OpenFiles {
    private static final int MIN = 512;
    private static final int MAX = 16_384;

    /** What a process may open is for connections, too. */
    private static final int SHARE = 4;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern LIMIT = Pattern.compile("Max open files\\s+(\\d+|unlimited)\\s.*");

    private OpenFiles() {}

    /** A quarter of what this process may open, between 512 and 16,384; 512 where the system does not tell. */
    public static int max() {
        try {
            return max(Files.readAllLines(LIMITS));
        } catch (IOException e) {
            return MIN;
        }
    }

    static int max(List<String> limits) {
        for (String line : limits) {
            Matcher limit = LIMIT.matcher(line);
            if (limit.matches()) {
                String number = limit.group(1);
                return number.length() > 9 || number.equals("unlimited")
                        ? MAX
                        : Math.clamp(Integer.parseInt(number) / SHARE, MIN, MAX);
            }
        }
        return MIN;
    }
}
