// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line that PerfTest 2.22 prints. Its closing averages are not read: they leave out the first second but count its messages. */
public sealed interface PerfTestLine {

    /** A producer or a consumer starts. */
    record Starting() implements PerfTestLine {}

    /** The test is over: time limit or message count reached. */
    record Stopped() implements PerfTestLine {}

    /** Anything else. */
    record Other() implements PerfTestLine {}

    /**
     * What happened since the sample before.
     *
     * @param atSeconds since the test began
     * @param sentPerSecond zero where there is no producer
     * @param receivedPerSecond zero where there is no consumer
     */
    record Sample(double atSeconds, double sentPerSecond, double receivedPerSecond) implements PerfTestLine {}

    Pattern AT = Pattern.compile("\\btime ([\\d.]+) s[, ]");
    Pattern SENT = Pattern.compile("\\bsent: (\\d+) msg/s");
    Pattern RECEIVED = Pattern.compile("\\breceived: (\\d+) msg/s");

    static PerfTestLine parse(String line) {
        Matcher at = AT.matcher(line);
        if (at.find()) {
            return new Sample(Double.parseDouble(at.group(1)), rate(SENT, line), rate(RECEIVED, line));
        }
        if (line.contains(", starting producer #") || line.contains(", starting consumer #")) {
            return new Starting();
        }
        return line.startsWith("test stopped") ? new Stopped() : new Other();
    }

    private static double rate(Pattern pattern, String line) {
        Matcher found = pattern.matcher(line);
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }
}
