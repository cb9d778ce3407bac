// SPDX-License-Identifier: Apache-2.0
package io.relais.log.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Makes all files of a file system durable in one call, which costs little more than one file does: {@code syncfs(2)} of Linux.
 *
 * <p>Only on kernels that report its failures (5.8 and later), and on file systems known to write everything back and to empty the device's cache.
 *
 * <p>Thread: any. Costs one file descriptor for the life of the process: failures are reported to descriptors that were open when they happened.
 */
final class WholeFileSystem {
    private static final Set<String> KNOWN = Set.of("ext4", "xfs", "btrfs");
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");
    private static final int OPEN_FOLDER = 0x80000; // O_RDONLY | O_CLOEXEC, the same on x86-64 and AArch64
    private static final String ERRNO = "errno";
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_OF = STATE.varHandle(PathElement.groupElement(ERRNO));

    private final MethodHandle syncfs;
    private final int descriptor;
    private final Path folder;

    private WholeFileSystem(MethodHandle syncfs, int descriptor, Path folder) {
        this.syncfs = syncfs;
        this.descriptor = descriptor;
        this.folder = folder;
    }

    /** The file system of a folder; null where it cannot be synced as a whole. */
    static @Nullable WholeFileSystem of(Path folder) {
        try {
            return isReliable(System.getProperty("os.name", ""), System.getProperty("os.version", ""),
                    Files.getFileStore(folder).type()) ? open(folder) : null;
        } catch (IOException e) {
            return null;
        }
    }

    static boolean isReliable(String system, String version, String fileSystem) {
        Matcher numbers = VERSION.matcher(version);
        if (!system.equals("Linux") || !KNOWN.contains(fileSystem) || !numbers.matches()) {
            return false;
        }
        int major = Integer.parseInt(numbers.group(1));
        return major > 5 || (major == 5 && Integer.parseInt(numbers.group(2)) >= 8);
    }

    @SuppressWarnings("restricted") // the system's own functions, with constant signatures
    private static @Nullable WholeFileSystem open(Path folder) {
        Linker linker = Linker.nativeLinker();
        var open = linker.defaultLookup().find("open");
        var syncfs = linker.defaultLookup().find("syncfs");
        if (open.isEmpty() || syncfs.isEmpty()) {
            return null;
        }
        MethodHandle opens = linker.downcallHandle(open.get(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        MethodHandle syncs = linker.downcallHandle(syncfs.get(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.captureCallState(ERRNO));
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) opens.invokeExact(arena.allocateFrom(folder.toString()), OPEN_FOLDER);
            return descriptor < 0 ? null : new WholeFileSystem(syncs, descriptor, folder);
        } catch (Throwable e) {
            throw new LinkageError("open", e);
        }
    }

    /** After a failure the state of all files is unknown, as with {@link DiskFile#sync}. */
    void sync() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = (int) syncfs.invokeExact(state, descriptor);
            if (result != 0) {
                int error = (int) ERRNO_OF.get(state, 0L);
                throw new IOException(folder + ": the file system could not be synced, error " + error);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("syncfs", e);
        }
    }
}
