// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

/** A number of bytes with its unit: {@code 512}, {@code 64KiB}, {@code 32MiB}, {@code 2GiB}. */
record SizeType(long minBytes, long maxBytes) implements ValueType<Long> {
    private static final String[] UNITS = {"GiB", "MiB", "KiB", "B", ""};
    private static final long[] FACTORS = {1L << 30, 1L << 20, 1L << 10, 1, 1};

    @Override
    public Long parse(String text) {
        for (int i = 0; i < UNITS.length; i++) {
            if (text.endsWith(UNITS[i])) {
                String number = text.substring(0, text.length() - UNITS[i].length()).strip();
                long bytes = Math.multiplyExact(Long.parseLong(number), FACTORS[i]);
                if (bytes < minBytes || bytes > maxBytes) {
                    throw new IllegalArgumentException("out of range");
                }
                return bytes;
            }
        }
        throw new IllegalArgumentException("no unit");
    }

    @Override
    public String expectation() {
        return "a size with its unit, from " + format(minBytes) + " to " + format(maxBytes);
    }

    /** The shortest exact way to write a number of bytes. */
    static String format(long bytes) {
        for (int i = 0; i < 3; i++) {
            if (bytes != 0 && bytes % FACTORS[i] == 0) {
                return bytes / FACTORS[i] + UNITS[i];
            }
        }
        return bytes + "B";
    }
}
