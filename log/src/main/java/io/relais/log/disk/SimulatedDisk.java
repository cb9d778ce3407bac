// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that does to files what power cuts and bad hardware do, the same for the same seed.
 *
 * <p>What {@link DiskFile#sync} has not confirmed may be lost: {@link #crash()} decides for each sector of 512 bytes whether it survived; the last one may be torn. Creations, renames and
 * deletions that {@link #syncFolder} has not confirmed may be lost, each by itself. A process that is killed loses nothing: open the same disk again.
 *
 * <p>Faults on a script: {@link #fail}, {@link #limitBytes}, {@link #flipBit}. After a failed sync the unsynced sectors stay readable but are never written by a later sync, as on Linux.
 *
 * <p>Thread: any; one operation at a time. Deterministic if the order of operations is.
 */
public final class SimulatedDisk implements Disk {

    /** What a script can make fail, and what {@link #onOperation} tells of. */
    public enum Operation {
        OPEN, READ, WRITE, SYNC, SYNC_FOLDER, RENAME, DELETE
    }

    /** A change of names that no sync has made durable: {@code name} now means {@code image}; {@code gone} means nothing any more. */
    private record NameChange(@Nullable String gone, @Nullable String name, @Nullable SimulatedImage image) {
        boolean isIn(String folder) {
            return (gone != null && folderOf(gone).equals(folder)) || (name != null && folderOf(name).equals(folder));
        }

        void applyTo(Map<String, SimulatedImage> names) {
            if (gone != null) {
                names.remove(gone);
            }
            if (name != null && image != null) {
                if (gone != null) {
                    names.values().removeIf(other -> other == image);
                }
                names.put(name, image);
            }
        }
    }

    private final RandomGenerator random;
    private final TreeMap<String, SimulatedImage> names = new TreeMap<>();
    private final TreeMap<String, SimulatedImage> syncedNames = new TreeMap<>();
    private final List<NameChange> unsyncedNames = new ArrayList<>();
    private final TreeSet<String> folders = new TreeSet<>();
    private final TreeSet<String> unsyncedFolders = new TreeSet<>();
    private final Map<Operation, Integer> failures = new HashMap<>();
    private Consumer<Operation> onOperation = _ -> {
    };
    private long limitBytes = Long.MAX_VALUE;
    private boolean off;

    public SimulatedDisk(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Makes the {@code nth} operation of a kind from now on fail with an input/output error, 1 being the next. */
    public synchronized void fail(Operation operation, int nth) {
        failures.put(operation, nth);
    }

    /** Forgets failures that have not happened yet. */
    public synchronized void heal() {
        failures.clear();
    }

    /** Bytes that all files may have together; beyond, writes fail as on a full disk. */
    public synchronized void limitBytes(long bytes) {
        limitBytes = bytes;
    }

    /** Flips one bit, as decay does: unnoticed, and durable at once. */
    public synchronized void flipBit(Path file, long position, int bit) {
        SimulatedImage image = names.get(file.toString());
        if (image == null || position >= image.size()) {
            throw new IllegalArgumentException(file + " has no byte at " + position);
        }
        image.flip(position, bit);
    }

    /** Called before every operation: where a test moves its clock to make the disk slow. */
    public synchronized void onOperation(Consumer<Operation> listener) {
        onOperation = listener;
    }

    /** Bytes of all files together. */
    public synchronized long usedBytes() {
        return names.values().stream().mapToLong(SimulatedImage::size).sum();
    }

    /** All files, sorted. */
    public synchronized List<Path> files() {
        return names.keySet().stream().map(Path::of).toList();
    }

    /**
     * Cuts the power: every later use of this disk fails.
     *
     * @return the disk as it is found afterwards
     */
    public synchronized SimulatedDisk crash() {
        off = true;
        SimulatedDisk after = new SimulatedDisk(random.nextLong());
        after.limitBytes = limitBytes;
        after.folders.addAll(folders);
        var survived = new TreeMap<>(syncedNames);
        for (NameChange change : unsyncedNames) {
            if (random.nextBoolean()) {
                change.applyTo(survived);
            }
        }
        for (String folder : unsyncedFolders) {
            if (random.nextBoolean()) {
                after.folders.removeIf(name -> isWithin(name, folder));
                survived.keySet().removeIf(name -> isWithin(name, folder));
            }
        }
        survived.forEach((name, image) -> after.names.put(name, image.afterPowerCut(random)));
        after.syncedNames.putAll(after.names);
        return after;
    }

    @Override
    public synchronized DiskFile open(Path file) throws IOException {
        before(Operation.OPEN, file);
        String name = file.toString();
        SimulatedImage image = names.get(name);
        if (image == null) {
            if (!folders.contains(folderOf(name))) {
                throw DiskErrors.absent(file);
            }
            image = new SimulatedImage();
            change(new NameChange(null, name, image));
        }
        return new OpenFile(file, image);
    }

    @Override
    public synchronized boolean exists(Path file) {
        return names.containsKey(file.toString()) || folders.contains(file.toString());
    }

    @Override
    public synchronized long size(Path file) {
        SimulatedImage image = names.get(file.toString());
        return image == null ? -1 : image.size();
    }

    @Override
    public synchronized List<String> list(Path folder) {
        var entries = new TreeSet<String>();
        String prefix = folder.toString().isEmpty() ? "" : folder + "/";
        for (var all : List.of(names.navigableKeySet(), folders)) {
            for (String name : all.tailSet(prefix, false)) {
                if (!name.startsWith(prefix)) {
                    break;
                }
                if (folderOf(name).equals(folder.toString())) {
                    entries.add(String.valueOf(Path.of(name).getFileName()));
                }
            }
        }
        return List.copyOf(entries);
    }

    @Override
    public synchronized void createFolders(Path folder) {
        folders.add("");
        for (Path path = folder; path != null; path = path.getParent()) {
            folders.add(path.toString());
            unsyncedFolders.remove(path.toString());
        }
    }

    @Override
    public synchronized void createFolder(Path folder) throws IOException {
        if (!folders.contains(folderOf(folder.toString()))) {
            throw DiskErrors.absent(folder);
        }
        if (folders.add(folder.toString())) {
            unsyncedFolders.add(folder.toString());
        }
    }

    @Override
    public synchronized void rename(Path from, Path to) throws IOException {
        before(Operation.RENAME, from);
        SimulatedImage image = names.get(from.toString());
        if (image == null) {
            throw DiskErrors.absent(from);
        }
        if (folders.contains(to.toString())) {
            throw new FileAlreadyExistsException(to.toString());
        }
        change(new NameChange(from.toString(), to.toString(), image));
    }

    @Override
    public synchronized void delete(Path file) throws IOException {
        before(Operation.DELETE, file);
        if (!folders.contains(file.toString())) {
            if (names.containsKey(file.toString())) {
                change(new NameChange(file.toString(), null, null));
            }
        } else if (list(file).isEmpty()) {
            folders.remove(file.toString());
            unsyncedFolders.remove(file.toString());
        } else {
            throw new IOException(file + ": the folder is not empty");
        }
    }

    @Override
    public synchronized void syncFolder(Path folder) throws IOException {
        before(Operation.SYNC_FOLDER, folder);
        unsyncedFolders.removeIf(name -> folderOf(name).equals(folder.toString()));
        unsyncedNames.removeIf(change -> {
            boolean durable = change.isIn(folder.toString());
            if (durable) {
                change.applyTo(syncedNames);
            }
            return durable;
        });
    }

    @Override
    public synchronized boolean syncAll() throws IOException {
        try {
            before(Operation.SYNC, Path.of(""));
        } catch (Scripted e) {
            names.values().forEach(image -> image.failedSync(random));
            throw e;
        }
        names.values().forEach(SimulatedImage::sync);
        unsyncedNames.forEach(change -> change.applyTo(syncedNames));
        unsyncedNames.clear();
        unsyncedFolders.clear();
        return true;
    }

    @Override
    public synchronized long usableBytes() {
        return limitBytes == Long.MAX_VALUE ? limitBytes : Math.max(0, limitBytes - usedBytes());
    }

    private void change(NameChange change) {
        change.applyTo(names);
        unsyncedNames.add(change);
    }

    private void before(Operation operation, Path file) throws IOException {
        onOperation.accept(operation);
        if (off) {
            throw new IOException(file + ": the power is off");
        }
        Integer left = failures.computeIfPresent(operation, (_, n) -> n - 1);
        if (left != null && left == 0) {
            failures.remove(operation);
            throw new Scripted(file);
        }
    }

    private static boolean isWithin(String name, String folder) {
        return name.equals(folder) || name.startsWith(folder + "/");
    }

    private static String folderOf(String name) {
        Path parent = Path.of(name).getParent();
        return parent == null ? "" : parent.toString();
    }

    private static final class Scripted extends IOException {
        private static final long serialVersionUID = 1L;

        Scripted(Path file) {
            super(file + ": Input/output error");
        }
    }

    /** One handle; several may be open on the same image. */
    private final class OpenFile implements DiskFile {
        private final Path path;
        private final SimulatedImage image;

        OpenFile(Path path, SimulatedImage image) {
            this.path = path;
            this.image = image;
        }

        @Override
        public long size() {
            synchronized (SimulatedDisk.this) {
                return image.size();
            }
        }

        @Override
        public void write(long position, ByteBuf bytes) throws IOException {
            synchronized (SimulatedDisk.this) {
                int length = bytes.readableBytes();
                try {
                    before(Operation.WRITE, path);
                } catch (Scripted e) {
                    image.write(position, bytes, bytes.readerIndex(), random.nextInt(length + 1));
                    throw e;
                }
                long more = Math.max(0, position + length - image.size());
                if (more > usableBytes()) {
                    throw new IOException(path + ": No space left on device");
                }
                image.write(position, bytes, bytes.readerIndex(), length);
            }
        }

        @Override
        public int read(long position, ByteBuf into, int length) throws IOException {
            synchronized (SimulatedDisk.this) {
                before(Operation.READ, path);
                return image.read(position, into, length);
            }
        }

        @Override
        public long transferTo(long position, long length, WritableByteChannel target) throws IOException {
            ByteBuf part = Unpooled.buffer();
            read(position, part, (int) Math.min(length, 1 << 20));
            return target.write(part.nioBuffer());
        }

        @Override
        public void preallocate(long size) throws IOException {
            synchronized (SimulatedDisk.this) {
                before(Operation.WRITE, path);
                if (size - image.size() > usableBytes()) {
                    image.grow(image.size() + usableBytes());
                    throw new IOException(path + ": No space left on device");
                }
                image.grow(size);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimulatedDisk.this) {
                before(Operation.WRITE, path);
                image.truncate(size);
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimulatedDisk.this) {
                try {
                    before(Operation.SYNC, path);
                } catch (Scripted e) {
                    image.failedSync(random);
                    throw e;
                }
                image.sync();
            }
        }

        @Override
        public void close() {}
    }
}
