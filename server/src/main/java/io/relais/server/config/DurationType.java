// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.time.Duration;

/** A time span with its unit: {@code 5ms}, {@code 30s}, {@code 10m}, {@code 2h}. A plain {@code 0} is zero. */
record DurationType(Duration min, Duration max) implements ValueType<Duration> {
    private static final String[] UNITS = {"ms", "s", "m", "h"};
    private static final long[] FACTORS_MS = {1, 1_000, 60_000, 3_600_000};

    @Override
    public Duration parse(String text) {
        Duration value = text.equals("0") ? Duration.ZERO : withUnit(text);
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException("out of range");
        }
        return value;
    }

    private static Duration withUnit(String text) {
        for (int i = 0; i < UNITS.length; i++) {
            if (text.endsWith(UNITS[i])) {
                String number = text.substring(0, text.length() - UNITS[i].length()).strip();
                return Duration.ofMillis(Math.multiplyExact(Long.parseLong(number), FACTORS_MS[i]));
            }
        }
        throw new IllegalArgumentException("no unit");
    }

    @Override
    public String expectation() {
        return "a time with its unit, from " + format(min) + " to " + format(max);
    }

    /** The shortest exact way to write a time span. */
    static String format(Duration value) {
        long ms = value.toMillis();
        for (int i = UNITS.length - 1; i > 0; i--) {
            if (ms != 0 && ms % FACTORS_MS[i] == 0) {
                return ms / FACTORS_MS[i] + UNITS[i];
            }
        }
        return ms == 0 ? "0" : ms + "ms";
    }
}
