// SPDX-License-Identifier: Apache-2.0
package io.relais.log.record;

import java.util.zip.CRC32C;

import io.netty.buffer.ByteBuf;

/** CRC-32C (Castagnoli, RFC 3720 B.4) of bytes in a buffer. */
public final class Crc {
    private Crc() {}

    /** The checksum of {@code length} bytes from {@code index}. Thread: any. */
    public static int of(ByteBuf in, int index, int length) {
        CRC32C crc = new CRC32C();
        update(crc, in, index, length);
        return (int) crc.getValue();
    }

    /** Adds bytes to a running checksum. */
    public static void update(CRC32C crc, ByteBuf in, int index, int length) {
        if (in.hasArray()) {
            crc.update(in.array(), in.arrayOffset() + index, length);
        } else if (in.nioBufferCount() == 1) {
            crc.update(in.nioBuffer(index, length));
        } else {
            for (var part : in.nioBuffers(index, length)) {
                crc.update(part);
            }
        }
    }
}
