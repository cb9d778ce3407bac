// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.process;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resident memory of one process, from {@code /proc/PID/status} (proc(5)).
 *
 * @param residentKb now
 * @param peakKb the most it was since it started, or since {@link ProcessTree#resetPeak}
 */
public record Memory(long residentKb, long peakKb) {
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d+) kB", Pattern.MULTILINE);
    private static final Pattern PEAK = Pattern.compile("^VmHWM:\\s+(\\d+) kB", Pattern.MULTILINE);

    static Optional<Memory> of(long pid) {
        return ProcFile.read("/proc/" + pid + "/status").map(Memory::parse);
    }

    /** A zombie or a kernel thread has neither line: zero. */
    static Memory parse(String status) {
        return new Memory(kb(RESIDENT, status), kb(PEAK, status));
    }

    public double residentMb() {
        return residentKb / 1024.0;
    }

    public double peakMb() {
        return peakKb / 1024.0;
    }

    private static long kb(Pattern line, String status) {
        Matcher found = line.matcher(status);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
}
