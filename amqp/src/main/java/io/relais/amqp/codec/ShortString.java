// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import java.nio.charset.StandardCharsets;

/** Text of at most 255 bytes of UTF-8, with its length in one octet before it (AMQP 0-9-1 4.2.5.3). */
public final class ShortString {
    /** Its largest length. */
    public static final int MAX_BYTES = 255;

    private ShortString() {}

    /** The text, or as much of its beginning as fits; never half a character. */
    public static String fitting(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_BYTES) {
            return text;
        }
        int end = MAX_BYTES;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }
}
