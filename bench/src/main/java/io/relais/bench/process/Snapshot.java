// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.process;

/**
 * What broker, client and machine have used up to one moment; two of them make a window.
 *
 * @param nowNs {@link System#nanoTime}
 * @param brokerSeconds CPU of the broker's tree
 * @param clientSeconds CPU of the load tool's tree
 * @param machineSeconds CPU of everything, those two included
 * @param stolenSeconds CPU that the hypervisor gave to others
 */
public record Snapshot(long nowNs, double brokerSeconds, double clientSeconds, double machineSeconds,
        double stolenSeconds) {

    public static Snapshot take(ProcessTree broker, ProcessTree client) {
        Machine.Busy busy = Machine.Busy.now();
        return new Snapshot(System.nanoTime(), broker.cpuSeconds(), client.cpuSeconds(), busy.seconds(),
                busy.stolenSeconds());
    }

    /** Where broker and client are one tree. */
    public static Snapshot take(ProcessTree both) {
        Machine.Busy busy = Machine.Busy.now();
        return new Snapshot(System.nanoTime(), both.cpuSeconds(), 0, busy.seconds(), busy.stolenSeconds());
    }

    public Window until(Snapshot end) {
        return new Window((end.nowNs - nowNs) / 1e9, end.brokerSeconds - brokerSeconds,
                end.clientSeconds - clientSeconds,
                end.machineSeconds - machineSeconds, end.stolenSeconds - stolenSeconds);
    }

    /** What was used between two moments, in seconds. */
    public record Window(double wallSeconds, double brokerSeconds, double clientSeconds, double machineSeconds,
            double stolenSeconds) {

        /** CPU that neither broker nor client used, as a share of one core. Above a quarter somebody disturbed the run. */
        public double othersShare() {
            return Math.max(0, machineSeconds - brokerSeconds - clientSeconds) / wallSeconds;
        }
    }
}
