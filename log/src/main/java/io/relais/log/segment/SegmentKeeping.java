// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.relais.log.LogException;
import io.relais.log.LogId;
import io.relais.log.RetainedLog.BatchFilter;

/**
 * Frees and rewrites complete segments of a retained log. Files go one after the other, each durably, so that no hole in the middle can look like damage, and when the last reader has left them.
 *
 * <p>Thread: any. One rewrite of a log runs at a time; its files are not freed meanwhile.
 */
final class SegmentKeeping {
    private final SegmentedLog.Environment environment;
    private final LogId id;
    private final Path folder;
    private final SegmentList segments;
    private final BatchFinder finder;
    private final RetainedSync sync;
    private final Object rewriting = new Object(); // held while one runs; taken before any other lock of the log
    private volatile boolean stopped;
    private CompletableFuture<Void> freeing = CompletableFuture.completedFuture(null); // guarded by this

    SegmentKeeping(SegmentedLog.Environment environment, LogId id, Path folder, SegmentList segments,
            BatchFinder finder, RetainedSync sync) {
        this.environment = environment;
        this.id = id;
        this.folder = folder;
        this.segments = segments;
        this.finder = finder;
        this.sync = sync;
    }

    /** As {@link io.relais.log.RetainedLog#trim}; only what is durable goes. */
    CompletionStage<Void> trim(long before) {
        CompletionStage<Void> last = freeing();
        for (Segment segment : segments.removeFront(each -> each.isSealed() && each.endOffset() <= before)) {
            last = freeLater(segment, () -> sync.freed(segment.endOffset()));
        }
        return last;
    }

    private synchronized CompletionStage<Void> freeing() {
        return freeing;
    }

    private synchronized CompletionStage<Void> freeLater(Segment segment, Runnable whenFreed) {
        freeing = freeing.thenComposeAsync(_ -> free(segment, whenFreed), environment.io());
        return freeing;
    }

    private CompletableFuture<Void> free(Segment segment, Runnable whenFreed) {
        var done = new CompletableFuture<Void>();
        segment.uses.retire(() -> {
            try {
                synchronized (sync) {
                    if (!sync.isStopped()) {
                        segment.delete(environment.files());
                        environment.files().disk().syncFolder(folder);
                        whenFreed.run();
                    }
                }
                done.complete(null);
            } catch (IOException e) {
                done.completeExceptionally(new LogException.Io("log " + id, e));
            }
        });
        return done;
    }

    /** As {@link io.relais.log.RetainedLog#rewrite}. Blocks. */
    long rewrite(long from, long end, BatchFilter filter) throws IOException {
        synchronized (rewriting) {
            List<Segment> sources = segments.claim(from, end);
            try {
                if (sources.isEmpty() || end - from > Integer.MAX_VALUE) {
                    throw new IllegalArgumentException(
                            "log " + id + " has no complete files that take the offsets from " + from + " to " + end);
                }
                return rewrite(sources, filter);
            } finally {
                segments.letGo(sources);
            }
        }
    }

    private long rewrite(List<Segment> sources, BatchFilter filter) throws IOException {
        if (!sources.stream().allMatch(Segment::isSealed)) {
            sync.now();
        }
        Segment fresh = new Segment(environment.files(), folder, sources.getFirst().base,
                1 + sources.stream().mapToInt(source -> source.generation).max().orElse(0));
        try {
            sync.checkAlive();
            SegmentRewrite.run(environment, finder, sources, fresh, filter, this::checkGoingOn);
        } catch (IOException | RuntimeException | Error e) {
            fresh.delete(environment.files());
            throw e;
        }
        replace(sources, fresh);
        return fresh.bytes();
    }

    /** Where the manifest cannot be written nobody knows which files count: they all stay. */
    private void replace(List<Segment> sources, Segment fresh) {
        sync.step(() -> {
            sync.replace(sources, fresh);
            segments.replace(sources, fresh);
        });
        sync.checkAlive();
        sources.forEach(source -> freeLater(source, () -> {
        }));
    }

    private void checkGoingOn() {
        if (stopped) {
            throw new LogException.WriterDead(id, null);
        }
    }

    /** Ends a rewrite at its next batch, waits for that, and then runs something before which none begins. */
    void stop(Runnable then) {
        stopped = true;
        synchronized (rewriting) {
            then.run();
        }
    }
}
