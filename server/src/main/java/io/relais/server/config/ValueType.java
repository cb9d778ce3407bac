// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

/**
 * How the text of a key's value is read.
 *
 * @param <T> what the value becomes
 */
interface ValueType<T> {

    /**
     * Reads a value.
     *
     * @throws IllegalArgumentException where the text is not such a value
     */
    T parse(String text);

    /** What a value looks like, to go on after "is not" and into the documentation: {@code a size with its unit, from 1KiB to 1GiB}. */
    String expectation();
}
