// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.util.Random;
import java.util.stream.LongStream;

/** Seeds of random tests: fresh ones, or the one of {@code -Dseed=42}. They are in the tests' names, so a failure says how to run it again. */
public final class Seeds {
    private Seeds() {}

    public static LongStream fresh(int count) {
        String fixed = System.getProperty("seed");
        return fixed == null ? new Random().longs(count) : LongStream.of(Long.parseLong(fixed));
    }
}
