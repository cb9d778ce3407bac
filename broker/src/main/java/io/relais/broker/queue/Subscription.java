// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import io.relais.broker.store.QueueLog;

/**
 * Which message of a log is handed out next, and which are out: competing consumers with an acknowledgement per message.
 *
 * <p>Messages are handed out in the order of the log; one that is returned goes first again, at its place. Priorities, delays and a single active consumer are other ways to answer
 * {@link #next}; nothing else depends on the order.
 *
 * <p>Thread: the owner. Memory: 8 bytes per returned message; nothing per waiting one.
 */
final class Subscription {
    /** No message is ready. */
    static final long NONE = -1;

    private final QueueLog log;
    private final OffsetHeap returned = new OffsetHeap();
    private long cursor;
    private long outstanding;

    Subscription(QueueLog log) {
        this.log = log;
        this.cursor = log.head();
    }

    /** The offset of the first ready message, or {@link #NONE}. */
    long next() {
        while (!returned.isEmpty()) {
            if (log.isLive(returned.lowest())) {
                return returned.lowest();
            }
            returned.removeLowest();
        }
        cursor = log.nextLive(cursor);
        return cursor < log.nextOffset() ? cursor : NONE;
    }

    /** Hands out what {@link #next} gave. */
    void take(long offset) {
        pass(offset);
        outstanding++;
        log.deliveredBelow(offset + 1);
    }

    /** Takes what {@link #next} gave out of the order without handing it out: it expired, or was dropped. */
    void pass(long offset) {
        if (offset < cursor) {
            returned.removeLowest();
        } else {
            cursor = offset + 1;
        }
    }

    /** A message that was handed out is dealt with. */
    void settled() {
        outstanding--;
    }

    /** A message that was handed out is ready again. */
    void giveBack(long offset) {
        outstanding--;
        returned.add(offset);
    }

    /** Ready messages. */
    long readyCount() {
        return log.liveCount() - outstanding;
    }

    /** Messages that are handed out. */
    long outstandingCount() {
        return outstanding;
    }

    /** Removes all ready messages for good. Returns how many. */
    long purge() {
        long count = 0;
        while (!returned.isEmpty()) {
            long offset = returned.lowest();
            returned.removeLowest();
            if (log.isLive(offset)) {
                log.acknowledge(offset);
                count++;
            }
        }
        count += log.acknowledgeAll(cursor, log.nextOffset());
        cursor = log.nextOffset();
        return count;
    }

    void clear() {
        returned.clear();
        outstanding = 0;
        cursor = log.nextOffset();
    }
}
