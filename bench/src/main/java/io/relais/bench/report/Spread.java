// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.report;

import java.util.Arrays;
import java.util.Locale;

/** Median, least and greatest of the repetitions of one figure. */
record Spread(double median, double min, double max, int count) {

    static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    @Override
    public String toString() {
        return count == 1 ? number(median) : "%s (%s–%s)".formatted(number(median), number(min), number(max));
    }

    /** Three digits that mean something. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
