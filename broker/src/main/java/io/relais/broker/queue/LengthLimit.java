// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import java.util.HashMap;
import java.util.Map;

import io.relais.broker.store.QueueLog;
import io.relais.broker.store.RecordView;

/**
 * Counts the bytes of ready bodies, where a queue limits them (x-max-length-bytes). A queue without that limit has none of this.
 *
 * <p>Thread: the owner. Memory: about 50 bytes per message handed out.
 */
final class LengthLimit {
    private final Map<Long, Integer> outstanding = new HashMap<>();
    private long readyBytes;

    long readyBytes() {
        return readyBytes;
    }

    void appended(int bodyBytes) {
        readyBytes += bodyBytes;
    }

    /** A ready message was dropped, or handed out without a later acknowledgement. */
    void passed(int bodyBytes) {
        readyBytes -= bodyBytes;
    }

    void taken(long offset, int bodyBytes) {
        readyBytes -= bodyBytes;
        outstanding.put(offset, bodyBytes);
    }

    void settled(long offset) {
        outstanding.remove(offset);
    }

    void givenBack(long offset) {
        Integer bytes = outstanding.remove(offset);
        readyBytes += bytes == null ? 0 : bytes;
    }

    void purged() {
        readyBytes = 0;
    }

    /** Counts what recovery found, from an offset on, reading what is not in memory; then calls back. */
    void measure(QueueLog log, long from, long end, Runnable done) {
        for (long offset = log.nextLive(from); offset < end; offset = log.nextLive(offset + 1)) {
            RecordView message = log.view(offset);
            if (message == null) {
                long next = offset;
                log.load(offset, () -> measure(log, next, end, done));
                return;
            }
            readyBytes += message.bodyLength();
        }
        done.run();
    }
}
