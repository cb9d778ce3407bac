// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import java.util.function.Consumer;

import io.relais.log.RetainedLog;
import org.apache.kafka.common.protocol.Errors;

/** Answers a request once each of its partitions has said its part. Thread: the owner. */
final class Gathering {
    private final Runnable whenAll;
    private int left = 1;

    Gathering(Runnable whenAll) {
        this.whenAll = whenAll;
    }

    /** Something has to be waited for: {@link #done} follows once. */
    void add() {
        left++;
    }

    /** A part is there; the last one is that everything was begun. */
    void done() {
        left--;
        if (left == 0) {
            whenAll.run();
        }
    }

    /** Opens a partition and does something with it. Either calls {@link #done} itself: {@code then} at last, {@code failed} here. */
    void open(Partition partition, Runnable then, Consumer<Errors> failed) {
        add();
        partition.whenOpen(new Partition.OpenListener() {
            @Override
            public void opened(RetainedLog log) {
                then.run();
            }

            @Override
            public void failed(Errors why) {
                failed.accept(why);
                done();
            }
        });
    }
}
