// SPDX-License-Identifier: Apache-2.0
package io.relais.server.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** Lines of UTF-8, each ended by a line feed. */
final class Lines {
    private Lines() {}

    static void write(WritableByteChannel to, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    /** Reads one line. @throws IOException where it is longer than {@link Control#LINE_MAX_BYTES} or has no end */
    static String read(ReadableByteChannel from) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        while (from.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(next);
            }
            if (line.size() > Control.LINE_MAX_BYTES) {
                throw new IOException("a line of more than " + Control.LINE_MAX_BYTES + " bytes");
            }
            buffer.clear();
        }
        throw new IOException("the other side closed the connection before the end of its line");
    }
}
