// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open files of many logs, so that ten thousand logs do not need thirty thousand descriptors: those used last stay open.
 *
 * <p>Thread: any. Bounds: {@code openMax} files, and those in use.
 */
public final class FilePool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FilePool.class);

    /** What is done with an open file. */
    public interface Work<T extends @Nullable Object> {
        T run(DiskFile file) throws IOException;
    }

    private static final class Pooled {
        final DiskFile file;
        int uses;
        boolean forgotten;

        Pooled(DiskFile file) {
            this.file = file;
        }
    }

    private final Disk disk;
    private final int openMax;
    private boolean closed;
    private final Map<Path, Pooled> open = new LinkedHashMap<>(16, 0.75f, true);

    public FilePool(Disk disk, int openMax) {
        this.disk = disk;
        this.openMax = openMax;
    }

    public Disk disk() {
        return disk;
    }

    /** Does something with a file, opening it, and creating it where it is absent. The file may be closed right after. */
    public <T extends @Nullable Object> T with(Path path, Work<T> work) throws IOException {
        Pooled pooled = acquire(path);
        try {
            return work.run(pooled.file);
        } finally {
            release(pooled);
        }
    }

    /** A file that stays open until it is released, once. */
    public final class Pin {
        private final Pooled pooled;

        private Pin(Pooled pooled) {
            this.pooled = pooled;
        }

        public DiskFile file() {
            return pooled.file;
        }

        public void release() {
            FilePool.this.release(pooled);
        }
    }

    /** Keeps a file open. */
    public Pin pin(Path path) throws IOException {
        return new Pin(acquire(path));
    }

    /** Closes a file that is to be deleted or renamed. */
    public synchronized void forget(Path path) {
        Pooled pooled = open.remove(path);
        if (pooled != null) {
            pooled.forgotten = true;
            if (pooled.uses == 0) {
                close(pooled);
            }
        }
    }

    /** Files open now. */
    public synchronized int openCount() {
        return open.size();
    }

    /** As {@link #pin}, but null where the file is not open: then this does not wait for the disk. */
    public @Nullable Pin pinIfOpen(Path path) {
        Pooled pooled = acquireIfOpen(path);
        return pooled == null ? null : new Pin(pooled);
    }

    private synchronized @Nullable Pooled acquireIfOpen(Path path) {
        Pooled pooled = closed ? null : open.get(path);
        if (pooled != null) {
            pooled.uses++;
        }
        return pooled;
    }

    private Pooled acquire(Path path) throws IOException {
        Pooled known = acquireIfOpen(path);
        return known != null ? known : opened(path, new Pooled(disk.open(path)));
    }

    /** Keeps a file that was opened, or takes the one that another thread has opened meanwhile. */
    private synchronized Pooled opened(Path path, Pooled fresh) throws IOException {
        if (closed) {
            close(fresh);
            throw new IOException(path + ": the store is closed");
        }
        Pooled other = open.get(path);
        if (other == null) {
            open.put(path, fresh);
        } else {
            close(fresh);
        }
        Pooled pooled = other == null ? fresh : other;
        pooled.uses++;
        return pooled;
    }

    private synchronized void release(Pooled pooled) {
        pooled.uses--;
        if (pooled.forgotten && pooled.uses == 0) {
            close(pooled);
        }
        for (Iterator<Pooled> eldest = open.values().iterator(); open.size() > openMax && eldest.hasNext();) {
            Pooled candidate = eldest.next();
            if (candidate.uses == 0) {
                eldest.remove();
                close(candidate);
            }
        }
    }

    private static void close(Pooled pooled) {
        try {
            pooled.file.close();
        } catch (IOException e) {
            LOG.warn("{}: {}", pooled.file, e.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        open.values().forEach(pooled -> {
            pooled.forgotten = true;
            if (pooled.uses == 0) {
                close(pooled);
            }
        });
        open.clear();
    }
}
