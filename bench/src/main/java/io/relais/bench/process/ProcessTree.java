// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process and all that it started and that still belongs to it.
 *
 * <p>CPU is that of the whole tree, so that helper processes and launchers count. Memory is that of the largest process only: adding up would count shared
 * pages twice. Thread: any.
 */
public record ProcessTree(ProcessHandle root) {

    /** @throws IllegalArgumentException if there is no such process */
    public static ProcessTree of(long pid) {
        return new ProcessTree(
                ProcessHandle.of(pid).orElseThrow(() -> new IllegalArgumentException("no process " + pid)));
    }

    /** User and system time so far, in seconds, in steps of 10 ms. */
    public double cpuSeconds() {
        return pids().mapToDouble(pid -> ProcessStat.of(pid).map(ProcessStat::seconds).orElse(0.0)).sum();
    }

    /** Of the largest process of the tree; zero once all are gone. */
    public Memory memory() {
        return pids().flatMap(pid -> Memory.of(pid).stream()).max(Comparator.comparingLong(Memory::residentKb))
                .orElse(new Memory(0, 0));
    }

    /** The process that {@link #memory} speaks of: the broker itself, not its launcher. */
    public ProcessHandle largest() {
        return Stream.concat(Stream.of(root), root.descendants())
                .max(Comparator.comparingLong(process -> Memory.of(process.pid()).map(Memory::residentKb).orElse(0L)))
                .orElse(root);
    }

    /** Starts the peak of {@link #memory} anew from what is resident now; without the right to do so the old peak stays. */
    public void resetPeak() {
        pids().forEach(pid -> {
            try {
                Files.writeString(Path.of("/proc/" + pid + "/clear_refs"), "5");
            } catch (IOException notAllowed) {
                // A process of another user: its peak is then since its start, an upper bound.
            }
        });
    }

    public List<ProcessHandle> processes() {
        return Stream.concat(root.descendants(), Stream.of(root)).toList();
    }

    private Stream<Long> pids() {
        return Stream.concat(Stream.of(root), root.descendants()).map(ProcessHandle::pid);
    }
}
