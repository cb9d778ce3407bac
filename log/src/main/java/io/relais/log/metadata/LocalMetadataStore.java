// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metadata of one process, with group commit: requests wait in a queue, and all that wait share one commit.
 *
 * <p>Thread: any; requests are carried out on the executor, one at a time, in the order they came. That makes them linearizable.
 */
abstract sealed class LocalMetadataStore implements MetadataStore permits MvMetadataStore, InMemoryMetadataStore {
    private static final Logger LOG = LoggerFactory.getLogger(LocalMetadataStore.class);

    /** What a request does to the table. */
    interface Action<T extends @Nullable Object> {
        T run(SessionTable table, Set<String> changed);
    }

    /** One request, and what became of it. */
    private static final class Request<T extends @Nullable Object> extends CompletableFuture<T> {
        private final String what;
        private final Action<T> action;
        private Runnable answer = () -> {
        };

        Request(String what, Action<T> action) {
            this.what = what;
            this.action = action;
        }

        void run(SessionTable table, Set<String> changed) {
            try {
                T value = action.run(table, changed);
                answer = () -> complete(value);
            } catch (MetadataException.VersionConflict e) {
                answer = () -> completeExceptionally(e);
            }
        }

        void answer() {
            answer.run();
        }

        void unknown(Throwable cause) {
            completeExceptionally(new MetadataException.OutcomeUnknown(what, cause));
        }
    }

    private record Watch(String prefix, Consumer<String> listener) {}

    private final Executor executor;
    private final Queue<Request<?>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger work = new AtomicInteger();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final List<LocalSession> sessions = new CopyOnWriteArrayList<>();

    // guarded by this
    private final SessionTable table;
    private @Nullable Throwable broken;
    private volatile boolean closed;

    LocalMetadataStore(KeyTable durable, Executor executor) {
        this.table = new SessionTable(durable);
        this.executor = executor;
    }

    /** Makes what the table was told durable. */
    abstract void commit() throws IOException;

    abstract void closeTable();

    @Override
    public CompletionStage<Optional<Versioned>> get(String key) {
        return submit("get " + key, (keys, _) -> Optional.ofNullable(keys.get(key)));
    }

    @Override
    public CompletionStage<List<Item>> scan(String prefix) {
        return submit("scan " + prefix, (keys, _) -> {
            List<Item> items = new ArrayList<>();
            keys.scan(prefix, items);
            return items;
        });
    }

    @Override
    public CompletionStage<Long> put(String key, byte[] value, long expected) {
        Changes.checkSize(key, value);
        List<Change> change = List.of(new Change.Put(key, value, expected));
        return submit("put " + key, (keys, changed) -> Changes.apply(keys, change, changed));
    }

    @Override
    public CompletionStage<Void> delete(String key, long expected) {
        return apply("delete " + key, List.of(new Change.Delete(key, expected)));
    }

    @Override
    public CompletionStage<Void> apply(List<Change> changes) {
        for (Change change : changes) {
            if (change instanceof Change.Put put) {
                Changes.checkSize(put.key(), put.value());
            }
        }
        return apply("apply " + changes.size() + " changes", List.copyOf(changes));
    }

    private CompletionStage<Void> apply(String what, List<Change> changes) {
        return submit(what, (keys, changed) -> Changes.apply(keys, changes, changed)).thenAccept(_ -> {
        });
    }

    @Override
    public AutoCloseable watch(String prefix, Consumer<String> changedKey) {
        Watch watch = new Watch(prefix, changedKey);
        watches.add(watch);
        return () -> watches.remove(watch);
    }

    @Override
    public Session openSession(Duration ttl) {
        LocalSession session = new LocalSession(this);
        sessions.add(session);
        return session;
    }

    void ended(LocalSession session) {
        sessions.remove(session);
    }

    /** Carries out what waits, and closes. Blocks while the disk works. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            commitGroup();
            closed = true;
            closeTable();
        }
        commitGroup();
        sessions.forEach(LocalSession::expire);
    }

    /** Ends as a process that is killed does: what waits is not carried out. */
    final void abandon() {
        synchronized (this) {
            closed = true;
            closeTable();
        }
        commitGroup();
        sessions.forEach(LocalSession::expire);
    }

    <T extends @Nullable Object> CompletionStage<T> submit(String what, Action<T> action) {
        Request<T> request = new Request<>(what, action);
        waiting.add(request);
        if (work.getAndIncrement() == 0) {
            executor.execute(this::drain);
        }
        return request;
    }

    /** Carries out the first {@code count} requests that wait on another table, answering nobody: what a crash may leave. */
    void replay(int count, SessionTable onto) {
        waiting.stream().limit(count).forEach(request -> request.run(onto, new HashSet<>()));
    }

    int waitingCount() {
        return waiting.size();
    }

    private void drain() {
        int seen = work.get();
        do {
            commitGroup();
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private void commitGroup() {
        Set<String> changed = new HashSet<>();
        synchronized (this) {
            List<Request<?>> group = new ArrayList<>();
            for (Request<?> request = waiting.poll(); request != null; request = waiting.poll()) {
                group.add(request);
            }
            Throwable failure = closed ? new IllegalStateException("the metadata store is closed") : broken;
            if (failure == null) {
                failure = commit(group, changed);
            }
            for (Request<?> request : group) {
                if (failure == null) {
                    request.answer();
                } else {
                    request.unknown(failure);
                }
            }
            if (failure != null) {
                return;
            }
        }
        changed.forEach(this::tell);
    }

    private @Nullable Throwable commit(List<Request<?>> group, Set<String> changed) {
        try {
            group.forEach(request -> request.run(table, changed));
            if (!changed.isEmpty()) {
                commit();
            }
            return null;
        } catch (IOException | RuntimeException e) {
            broken = e;
            LOG.error("metadata can no longer be written; restart once the disk is sound: {}", e.getMessage(), e);
            return e;
        }
    }

    private void tell(String key) {
        for (Watch watch : watches) {
            if (key.startsWith(watch.prefix())) {
                try {
                    watch.listener().accept(key);
                } catch (RuntimeException e) { // one listener's mistake is not another's
                    LOG.warn("a listener to changes below {} failed", watch.prefix(), e);
                }
            }
        }
    }
}
