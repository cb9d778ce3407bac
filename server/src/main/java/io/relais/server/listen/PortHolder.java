// SPDX-License-Identifier: Apache-2.0
package io.relais.server.listen;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The program that listens on a port, as far as Linux tells: {@code /proc/net/tcp} has the port's socket number (inode) and its user, {@code /proc/PID/fd} has the sockets of
 * each process of ours, or of every process for root.
 *
 * @param pid  0 where the system does not tell
 * @param name of the program; empty where the system does not tell
 * @param user numeric id of the user that runs it
 */
record PortHolder(long pid, String name, String user) {
    private static final Path PROC = Path.of("/proc");
    /** Columns of a line of /proc/net/tcp: sl, local_address, rem_address, st, queues, tr, retransmits, uid, timeout, inode. */
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int UID = 7;
    private static final int INODE = 9;
    private static final String LISTENING = "0A";

    /** Who listens on {@code port}; empty where nobody does or the system does not tell. */
    static Optional<PortHolder> of(int port) {
        List<String[]> sockets = new ArrayList<>(listening(PROC.resolve("net/tcp"), port));
        sockets.addAll(listening(PROC.resolve("net/tcp6"), port));
        for (String[] socket : sockets) {
            Optional<PortHolder> owner = process("socket:[" + socket[INODE] + "]", socket[UID]);
            if (owner.isPresent()) {
                return owner;
            }
        }
        return sockets.stream().findFirst().map(socket -> new PortHolder(0, "", socket[UID]));
    }

    private static List<String[]> listening(Path table, int port) {
        String suffix = ":%04X".formatted(port);
        try {
            return Files.readAllLines(table).stream().map(line -> line.strip().split("\\s+"))
                    .filter(columns -> columns.length > INODE && columns[STATE].equals(LISTENING)
                            && columns[LOCAL_ADDRESS].endsWith(suffix))
                    .toList();
        } catch (IOException _) {
            return List.of(); // not Linux, or no such family
        }
    }

    private static Optional<PortHolder> process(String socket, String user) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (has(process, socket)) {
                    return Optional
                            .of(new PortHolder(Long.parseLong(process.getFileName().toString()), name(process), user));
                }
            }
        } catch (IOException _) {
            // a process that ended meanwhile: then nobody can be named
        }
        return Optional.empty();
    }

    /** The command; of Java also the jar, since "java" alone tells nobody anything. */
    private static String name(Path process) throws IOException {
        String command = Files.readString(process.resolve("comm")).strip();
        List<String> words = List.of(Files.readString(process.resolve("cmdline")).split("\0", -1));
        int jar = words.indexOf("-jar") + 1;
        return command.equals("java") && jar > 0 && jar < words.size()
                ? command + " " + Path.of(words.get(jar)).getFileName()
                : command;
    }

    private static boolean has(Path process, String socket) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.readSymbolicLink(descriptor).toString().equals(socket)) {
                    return true;
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException _) {
            // another user's process, or one that ended meanwhile
        }
        return false;
    }

    @Override
    public String toString() {
        return pid == 0 ? "a program of the user with id " + user : name + " (process " + pid + ")";
    }
}
