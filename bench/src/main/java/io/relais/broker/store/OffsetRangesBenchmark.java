// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.store;

import io.relais.bench.micro.MicroBenchmark;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** What a queue's log remembers of acknowledgements, per acknowledgement. In this package for the sake of its package-private classes. */
public class OffsetRangesBenchmark extends MicroBenchmark {
    private static final int WINDOW = 1_000;

    private final OffsetRanges acknowledged = new OffsetRanges();
    private long head;

    /** One consumer: each offset joins the range of those before. */
    @Benchmark
    @OperationsPerInvocation(WINDOW)
    public long inOrder() {
        for (long offset = head; offset < head + WINDOW; offset++) {
            acknowledged.add(offset);
        }
        return advance();
    }

    /** Two consumers that take turns, one of them 500 messages behind: every second offset stands alone for a while. */
    @Benchmark
    @OperationsPerInvocation(WINDOW)
    public long oneConsumerBehind() {
        for (long offset = head; offset < head + WINDOW; offset += 2) {
            acknowledged.add(offset);
        }
        for (long offset = head + 1; offset < head + WINDOW; offset += 2) {
            acknowledged.add(offset);
        }
        return advance();
    }

    private long advance() {
        head = acknowledged.nextAbsent(head);
        acknowledged.removeBelow(head);
        return head;
    }
}
