// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import io.relais.log.LogException;
import io.relais.log.RetainedLog.Progress;
import org.jspecify.annotations.Nullable;

/** Tells how far a log has come: in order, with ends that only grow, and nothing after its death. Thread: any. */
final class ProgressReport {
    private final Progress progress;
    private volatile long writtenEnd;
    private volatile long durableEnd;
    private volatile @Nullable LogException death;

    ProgressReport(Progress progress, long end) {
        this.progress = progress;
        writtenEnd = end;
        durableEnd = end;
    }

    long writtenEnd() {
        return writtenEnd;
    }

    long durableEnd() {
        return durableEnd;
    }

    /** Why nothing can be appended any more; null while it can. */
    @Nullable
    LogException death() {
        return death;
    }

    synchronized void written(long end) {
        if (death == null && end > writtenEnd) {
            writtenEnd = end;
            progress.written(end);
        }
    }

    /** What is durable is written, also where the thread that writes has not come to say so. */
    synchronized void durable(long end) {
        written(end);
        if (death == null && end > durableEnd) {
            durableEnd = end;
            progress.durable(end);
        }
    }

    /** Ends the reports; silently where the log was closed. */
    synchronized void died(LogException why) {
        if (death == null) {
            death = why;
            if (!(why instanceof LogException.WriterDead)) {
                progress.died(why);
            }
        }
    }
}
