// SPDX-License-Identifier: Apache-2.0
package io.relais.log.commit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.relais.log.LogException;
import io.relais.log.LogId;
import org.jspecify.annotations.Nullable;

/**
 * The queue between the owner of a log and its disk: takes everything that waits, has it written and synced as one group, completes the stages in order, and looks again.
 *
 * <p>Nobody waits for a group to fill: while one is being synced the next one gathers.
 *
 * <p>Thread: {@link #append} and {@link #roll} from the owner; groups are committed on the executor, one at a time; the rest from any thread.
 */
public final class GroupCommit {

    /** Writes groups. Thread: one call at a time, on the executor or on the thread that closes. */
    public interface Sink {
        /** Writes a group and returns when it is as durable as the log promises. The list is valid during the call. */
        void commit(List<Append> group) throws IOException;

        /**
         * No group follows.
         *
         * @param sound whether every group was committed
         */
        void finish(boolean sound);
    }

    private final LogId id;
    private final Executor executor;
    private final Sink sink;
    private final AtomicReference<@Nullable Append> waiting = new AtomicReference<>();
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicLong inFlightBytes = new AtomicLong();
    private final List<Append> group = new ArrayList<>();
    private final List<Consumer<LogException>> deathListeners = new ArrayList<>();
    private final Runnable drain = this::drain;

    // written by the owner
    private volatile long nextOffset;
    private boolean newFile;

    // guarded by deathListeners
    private volatile @Nullable LogException death;

    // guarded by this, which is held while a group is committed
    private boolean draining;
    private boolean closing;
    private boolean finished;

    /** @param nextOffset the offset that the first append gets */
    public GroupCommit(LogId id, Executor executor, Sink sink, long nextOffset) {
        this.id = id;
        this.executor = executor;
        this.sink = sink;
        this.nextOffset = nextOffset;
    }

    /** As {@link io.relais.log.LogWriter#append}. */
    public CompletionStage<Long> append(ByteBuf bytes, int count) {
        int length = bytes.readableBytes();
        if (length < 1 || count < 1) {
            bytes.release();
            throw new IllegalArgumentException("an entry has at least one byte and one record");
        }
        LogException dead = death;
        if (dead != null) {
            bytes.release();
            return CompletableFuture.failedFuture(new LogException.WriterDead(id, dead));
        }
        Append append = new Append(bytes, nextOffset, count, newFile);
        newFile = false;
        nextOffset = append.endOffset();
        inFlightBytes.addAndGet(length);
        append.earlier = waiting.get();
        while (!waiting.compareAndSet(append.earlier, append)) {
            append.earlier = waiting.get();
        }
        if (work.getAndIncrement() == 0) {
            executor.execute(drain);
        }
        return append;
    }

    /** As {@link io.relais.log.LogWriter#roll}. */
    public CompletionStage<Void> roll() {
        newFile = true;
        return CompletableFuture.completedFuture(null);
    }

    public long nextOffset() {
        return nextOffset;
    }

    public long inFlightBytes() {
        return inFlightBytes.get();
    }

    /** As {@link io.relais.log.LogWriter#onDead}. */
    public void onDead(Consumer<LogException> listener) {
        LogException dead;
        synchronized (deathListeners) {
            dead = death;
            if (dead == null) {
                deathListeners.add(listener);
                return;
            }
        }
        if (!(dead instanceof LogException.WriterDead)) {
            listener.accept(dead);
        }
    }

    /** Refuses further appends, and returns when none that came before can be acknowledged any more. */
    public void fence(LogException why) {
        die(why);
        close();
    }

    /** Commits what waits, then refuses further appends. Returns when the files are closed, unless a completed stage calls it. */
    public synchronized void close() {
        closing = true;
        if (!draining) {
            drainOnce();
        }
    }

    private void drain() {
        int seen = work.get();
        do {
            synchronized (this) {
                drainOnce();
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private void drainOnce() {
        draining = true;
        Append last = waiting.getAndSet(null);
        if (last != null) {
            takeGroup(last);
            commitGroup();
            group.clear();
        }
        draining = false;
        if (closing && !finished) {
            finished = true;
            boolean sound = death == null;
            die(new LogException.WriterDead(id, death));
            sink.finish(sound);
        }
    }

    private void takeGroup(Append last) {
        for (Append append = last; append != null;) {
            group.add(append);
            Append earlier = append.earlier;
            append.earlier = null;
            append = earlier;
        }
        Collections.reverse(group);
    }

    private void commitGroup() {
        LogException failure = death == null ? null : new LogException.WriterDead(id, death);
        if (failure == null) {
            try {
                sink.commit(group);
            } catch (IOException | RuntimeException | Error e) { // whatever it is, nobody may wait for ever
                failure = e instanceof LogException known ? known : new LogException.Io("log " + id, e);
                die(failure);
            }
        }
        for (Append append : group) {
            inFlightBytes.addAndGet(-append.bytes().readableBytes());
            if (failure == null) {
                append.complete(append.offset());
            } else {
                append.completeExceptionally(failure);
            }
            append.bytes().release();
        }
    }

    private void die(LogException why) {
        List<Consumer<LogException>> listeners;
        synchronized (deathListeners) {
            if (death != null) {
                return;
            }
            death = why;
            listeners = List.copyOf(deathListeners);
        }
        if (!(why instanceof LogException.WriterDead)) {
            listeners.forEach(listener -> listener.accept(why));
        }
    }
}
