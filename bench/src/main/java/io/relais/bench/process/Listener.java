// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Who listens on a TCP port of this machine, as {@code ss -ltnp} finds it: socket number by port, then the process that has it open. */
public final class Listener {
    private static final String LISTENING = "0A";
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private Listener() {}

    /** The process, if there is one and this user may see it. */
    public static Optional<Long> pid(int port) {
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6").flatMap(file -> ProcFile.read(file).stream())
                .flatMap(table -> inode(table, port).stream()).flatMap(inode -> holder(inode).stream()).findFirst();
    }

    /** Rows of proc(5) {@code /proc/net/tcp}: number, local address and port in hexadecimal, remote, state, …, inode. */
    static Optional<String> inode(String table, int port) {
        String suffix = ":%04X".formatted(port);
        return table.lines().map(row -> row.trim().split("\\s+", -1))
                .filter(row -> row.length > INODE && row[LOCAL].endsWith(suffix) && row[STATE].equals(LISTENING))
                .map(row -> row[INODE]).findFirst();
    }

    private static Optional<Long> holder(String inode) {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(pid -> holds(pid, "socket:[" + inode + "]"))
                .findFirst();
    }

    private static boolean holds(long pid, String socket) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : open) {
                if (Files.readSymbolicLink(file).toString().equals(socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException goneOrForeign) {
            return false;
        }
    }
}
