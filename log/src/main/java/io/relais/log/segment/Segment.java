// SPDX-License-Identifier: Apache-2.0
package io.relais.log.segment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.relais.log.disk.FilePool;
import io.relais.log.disk.Uses;
import org.jspecify.annotations.Nullable;

/**
 * One segment: a file that is nothing but record batches, named by its base offset, and two indexes.
 *
 * <p>Thread: one writes; any reads what is confirmed. Memory: this object.
 */
final class Segment {
    /** Position in a segment is an i32 in its index. */
    static final long BYTES_MAX = Integer.MAX_VALUE;

    private static final String LOG = ".log";
    private static final Pattern NAME = Pattern.compile("(0\\d{19})(?:-([1-9]\\d{0,8}))?\\" + LOG);
    private static final String LAST_NAME = "%020d".formatted(Long.MAX_VALUE);
    private static final int FLUSH_ENTRIES = 32;

    final long base;
    /** How often it was rewritten; the name of its files tells, so that the manifest decides which ones count. */
    final int generation;
    final Path log;
    final OffsetIndex offsets;
    final TimeIndex times;
    final Uses uses = new Uses();

    private volatile Manifest.Point end;
    private volatile long maxTimestamp = -1;
    private volatile boolean isSealed;
    private volatile @Nullable RecentBatches recent;
    private long nextEntryAt;

    Segment(FilePool files, Path folder, long base) {
        this(files, folder, base, 0);
    }

    Segment(FilePool files, Path folder, long base, int generation) {
        this.base = base;
        this.generation = generation;
        this.end = new Manifest.Point(base, 0, base);
        String name = "%020d".formatted(base) + (generation == 0 ? "" : "-" + generation);
        log = folder.resolve(name + LOG);
        offsets = new OffsetIndex(files, folder.resolve(name + ".index"), base);
        times = new TimeIndex(files, folder.resolve(name + ".timeindex"), base);
    }

    /** The segment that a file belongs to by its name; null where the name is that of no log. */
    static @Nullable Segment named(FilePool files, Path folder, String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches() || parts.group(1).compareTo(LAST_NAME) >= 0) {
            return null;
        }
        String generation = parts.group(2);
        return new Segment(files, folder, Long.parseLong(parts.group(1)),
                generation == null ? 0 : Integer.parseInt(generation));
    }

    /** How far it may be read. */
    Manifest.Point end() {
        return end;
    }

    /** The offset after the last batch that may be read. */
    long endOffset() {
        return end.offset();
    }

    /** Where the last batch that may be read ends. */
    long bytes() {
        return end.position();
    }

    long maxTimestamp() {
        return maxTimestamp;
    }

    void maxTimestamp(long timestamp) {
        maxTimestamp = timestamp;
    }

    /** Says how far the segment may be read. */
    void confirm(long endOffset, long position) {
        end = new Manifest.Point(base, position, endOffset);
    }

    /** The batch after which the next index entry is due begins at or after this position. */
    void indexedUpTo(long position) {
        nextEntryAt = position;
    }

    /** Adds a batch to the indexes, if it is time for an entry. */
    void index(long offset, long position, long batchMaxTimestamp) {
        index(offset, position, batchMaxTimestamp, OffsetIndex.INTERVAL_BYTES);
    }

    /** As {@link #index(long, long, long)}, with so many bytes between entries. */
    void index(long offset, long position, long batchMaxTimestamp, int intervalBytes) {
        maxTimestamp = Math.max(maxTimestamp, batchMaxTimestamp);
        if (position >= nextEntryAt && position > 0) {
            offsets.add(offset, position);
            times.add(maxTimestamp, offset);
            nextEntryAt = position + intervalBytes;
        }
    }

    /** Where the batches written last are; null where none was, or the segment is complete. */
    @Nullable
    RecentBatches recent() {
        return recent;
    }

    void recent(@Nullable RecentBatches batches) {
        recent = batches;
    }

    /** Says that the files are durable, and complete. */
    void sealed() {
        isSealed = true;
        recent = null;
    }

    boolean isSealed() {
        return isSealed;
    }

    /** What the manifest says of a segment that is complete. */
    Manifest.Sealed seal() {
        return new Manifest.Sealed(base, generation, endOffset(), bytes(), maxTimestamp, offsets.file().count(),
                times.file().count());
    }

    /** Creates the file, empty and durably. */
    void create(FilePool files) throws IOException {
        files.with(log, file -> {
            file.truncate(0);
            return true;
        });
        Path folder = log.getParent();
        files.disk().syncFolder(folder == null ? Path.of("") : folder);
    }

    /** Writes index entries if many wait: what is not written yet makes a reader walk a little further. */
    void flushManyIndexEntries() throws IOException {
        if (offsets.file().waiting() >= FLUSH_ENTRIES) {
            flushIndexes();
        }
    }

    void flushIndexes() throws IOException {
        offsets.file().flush();
        times.file().flush();
    }

    /** Replaces the offset index of a complete segment: it led astray. */
    synchronized void renewOffsets(List<OffsetIndex.Entry> batches) throws IOException {
        offsets.file().count(0);
        long next = 1;
        for (OffsetIndex.Entry batch : batches) {
            if (batch.position() >= next) {
                offsets.add(batch.offset(), batch.position());
                next = batch.position() + OffsetIndex.INTERVAL_BYTES;
            }
        }
        offsets.file().seal();
    }

    /** Cuts off what the index files have too much. */
    void cutIndexes() throws IOException {
        offsets.file().cut();
        times.file().cut();
    }

    /** Makes the indexes durable: nothing is added any more. */
    void sealIndexes() throws IOException {
        offsets.file().seal();
        times.file().seal();
    }

    /** Deletes the files, the log first: what is left of an interrupted deletion is cleared at the next opening. */
    void delete(FilePool files) throws IOException {
        for (Path path : new Path[]{log, offsets.file().path(), times.file().path()}) {
            files.forget(path);
            files.disk().delete(path);
        }
    }

    @Override
    public String toString() {
        return log.toString();
    }
}
