// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.process;

import java.util.Optional;

/**
 * CPU time of one process, from {@code /proc/PID/stat} (proc(5)).
 *
 * <p>Ticks are those of {@code USER_HZ}, which Linux fixes at 100 per second for every architecture we run on.
 *
 * @param ownTicks user and system time of all its threads, past and present
 * @param reapedTicks user and system time of children that ended and were waited for
 */
record ProcessStat(long ownTicks, long reapedTicks) {
    static final double TICKS_PER_SECOND = 100;

    /** Field numbers of proc(5), counted from the state (field 3), which follows the name in parentheses. */
    private static final int UTIME = 14 - 3;
    private static final int STIME = 15 - 3;
    private static final int CUTIME = 16 - 3;
    private static final int CSTIME = 17 - 3;

    static Optional<ProcessStat> of(long pid) {
        return ProcFile.read("/proc/" + pid + "/stat").map(ProcessStat::parse);
    }

    /** The name may hold spaces and parentheses: what counts starts after the last one. */
    static ProcessStat parse(String line) {
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return new ProcessStat(ticks(fields[UTIME]) + ticks(fields[STIME]),
                ticks(fields[CUTIME]) + ticks(fields[CSTIME]));
    }

    double seconds() {
        return (ownTicks + reapedTicks) / TICKS_PER_SECOND;
    }

    private static long ticks(String field) {
        return Long.parseLong(field);
    }
}
