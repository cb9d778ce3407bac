// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The machine as a whole: what its cores did, and what it is. */
public final class Machine {
    private static final Pattern MODEL = Pattern.compile("^model name\\s*:\\s*(.*)$", Pattern.MULTILINE);

    private Machine() {}

    /** Seconds all cores together were busy, and were taken away by the hypervisor, since boot. */
    record Busy(double seconds, double stolenSeconds) {
        /** First line of {@code /proc/stat}: cpu user nice system idle iowait irq softirq steal …; guest time is within user. */
        static Busy parse(String stat) {
            String[] fields = stat.lines().findFirst().orElseThrow().trim().split("\\s+", -1);
            double busy = 0;
            for (int field : new int[]{1, 2, 3, 6, 7}) {
                busy += Long.parseLong(fields[field]);
            }
            return new Busy(busy / ProcessStat.TICKS_PER_SECOND,
                    Long.parseLong(fields[8]) / ProcessStat.TICKS_PER_SECOND);
        }

        static Busy now() {
            return ProcFile.read("/proc/stat").map(Busy::parse).orElse(new Busy(0, 0));
        }
    }

    /** One line for the head of a report: processor, cores, memory, kernel, and the file system of {@code data}. */
    public static String describe(Path data) {
        Matcher model = MODEL.matcher(ProcFile.read("/proc/cpuinfo").orElse(""));
        String memory = ProcFile.read("/proc/meminfo").map(text -> text.lines().findFirst().orElse("")).orElse("")
                .replaceAll("\\D", "");
        return "%s, %d cores, %s MB of memory, Linux %s, JDK %s, data on %s".formatted(
                model.find() ? model.group(1) : System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                memory.isEmpty() ? "?" : Long.parseLong(memory) / 1024, System.getProperty("os.version"),
                System.getProperty("java.version"), fileSystem(data));
    }

    /** A durable broker on {@code tmpfs} syncs nothing, so the report must say where the data was. */
    private static String fileSystem(Path data) {
        try {
            return Files.getFileStore(data).type();
        } catch (IOException unknown) {
            return "an unknown file system";
        }
    }
}
