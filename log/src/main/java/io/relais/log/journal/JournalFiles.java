// SPDX-License-Identifier: Apache-2.0
package io.relais.log.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.relais.log.LogWriter.Part;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that make up a journal, oldest first, and how far they are confirmed.
 *
 * <p>Thread: any. The list is replaced, never changed.
 */
final class JournalFiles {
    private static final Logger LOG = LoggerFactory.getLogger(JournalFiles.class);

    private volatile List<JournalFile> files;
    private volatile long confirmedEnd;

    JournalFiles(List<JournalFile> files, long confirmedEnd) {
        this.files = List.copyOf(files);
        this.confirmedEnd = confirmedEnd;
    }

    long confirmedEnd() {
        return confirmedEnd;
    }

    void confirm(long endOffset) {
        confirmedEnd = endOffset;
    }

    long startOffset() {
        return files.getFirst().firstOffset();
    }

    List<JournalFile> all() {
        return files;
    }

    synchronized void add(JournalFile file) {
        var longer = new ArrayList<>(files);
        longer.add(file);
        files = List.copyOf(longer);
    }

    /** The file that has {@code offset}, or would have it; null below the start. */
    @Nullable
    JournalFile holding(long offset) {
        List<JournalFile> now = files;
        for (int i = now.size() - 1; i >= 0; i--) {
            JournalFile file = now.get(i);
            if (file.firstOffset() >= 0 && file.firstOffset() <= offset) {
                return file;
            }
        }
        return null;
    }

    /**
     * Takes out the files that hold nothing from {@code before} on. The last one with a durable entry stays: it is what tells the next opening where offsets go on.
     */
    synchronized List<JournalFile> removeBelow(long before) {
        List<JournalFile> now = files;
        int keep = 0;
        while (keep < now.size() - 1) {
            long end = now.get(keep).endOffset();
            if (end > before || end >= confirmedEnd) {
                break;
            }
            keep++;
        }
        files = List.copyOf(now.subList(keep, now.size()));
        return now.subList(0, keep);
    }

    List<Part> parts() {
        List<JournalFile> now = files;
        Part[] parts = new Part[now.size()];
        for (int i = 0; i < parts.length; i++) {
            JournalFile file = now.get(i);
            parts[i] = new Part(file.firstOffset(), file.endOffset(), file.capacity);
        }
        return Arrays.asList(parts);
    }

    /** Closes each file when its last reader is done. */
    void close() {
        for (JournalFile file : files) {
            file.uses.retire(() -> {
                try {
                    file.close();
                } catch (IOException e) {
                    LOG.warn("{}: {}", file, e.getMessage());
                }
            });
        }
    }
}
