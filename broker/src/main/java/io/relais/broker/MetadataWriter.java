// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.relais.broker.store.DurabilityListener;
import io.relais.log.metadata.MetadataStore;
import io.relais.log.metadata.MetadataStore.Change;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes of metadata in the order they are decided. The broker changes its own state first and tells the client after the disk has it: so two clients that declare the same name
 * see one order, and neither hears of it too early. Changes that come while others are being written go together, all or none.
 *
 * <p>After a failure nothing more is written: what is in memory may be ahead of the disk then, and only a restart brings them together again.
 *
 * <p>Thread: the owner. Bounds: one write at a time; what waits is bounded by the clients that wait for it.
 */
public final class MetadataWriter {
    private final MetadataStore store;
    private final Executor owner;
    private final Consumer<String> onFailure;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private List<Change> collected = new ArrayList<>();
    private long submitted;
    private long durable;
    private boolean writing;
    private @Nullable String failure;

    private record Waiting(long ticket, DurabilityListener listener) {}

    /**
     * Makes a writer.
     *
     * @param owner     runs a task on the owner thread
     * @param onFailure told once, when nothing can be written any more
     */
    public MetadataWriter(MetadataStore store, Executor owner, Consumer<String> onFailure) {
        this.store = store;
        this.owner = owner;
        this.onFailure = onFailure;
    }

    /** Takes the changes of one command. */
    public void submit(List<Change> changes) {
        if (changes.isEmpty() || failure != null) {
            return;
        }
        submitted++;
        collected.addAll(changes);
        if (!writing) {
            write();
        }
    }

    /** Whether something is on its way to the disk. */
    public boolean pending() {
        return durable < submitted;
    }

    /** Calls back once everything submitted so far is durable; at once where it is. */
    public void whenDurable(DurabilityListener listener) {
        if (failure != null) {
            listener.failed(failure);
        } else if (pending()) {
            waiting.add(new Waiting(submitted, listener));
        } else {
            listener.durable();
        }
    }

    /** Answers a command once everything submitted so far is durable. */
    public <T extends @Nullable Object> void answer(Reply<T> reply, T value) {
        whenDurable(new DurabilityListener() {
            @Override
            public void durable() {
                reply.done(value);
            }

            @Override
            public void failed(String why) {
                reply.refused(new Refusal.StorageFailed(why));
            }
        });
    }

    private void write() {
        List<Change> changes = collected;
        long upTo = submitted;
        collected = new ArrayList<>();
        writing = true;
        store.apply(changes).whenComplete((done, error) -> owner.execute(() -> written(upTo, error)));
    }

    private void written(long upTo, @Nullable Throwable error) {
        writing = false;
        if (error != null) {
            fail("the metadata cannot be written: " + error.getMessage());
            return;
        }
        durable = upTo;
        if (!collected.isEmpty()) {
            write();
        }
        for (Waiting next = waiting.peek(); next != null && next.ticket() <= durable; next = waiting.peek()) {
            waiting.remove();
            next.listener().durable();
        }
    }

    private void fail(String why) {
        failure = why;
        collected.clear();
        onFailure.accept(why);
        List<Waiting> failed = new ArrayList<>(waiting);
        waiting.clear();
        failed.forEach(one -> one.listener().failed(why));
    }
}
