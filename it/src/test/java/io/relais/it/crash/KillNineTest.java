// SPDX-License-Identifier: Apache-2.0
package io.relais.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.relais.it.fixture.RelaisProcess;
import io.relais.it.fixture.TestBroker.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments under load, again and again on the same data. {@code -Drelais.it.crash.rounds=20} for more rounds, {@code -Dseed=…} for the moments and
 * the load of another run (threads still interleave as they like).
 */
@DisabledIfSystemProperty(named = "relais.it.oracle", matches = "true", disabledReason = "starts Relais itself")
class KillNineTest {
    private static final int ROUNDS = Integer.getInteger("relais.it.crash.rounds", 3);
    private static final int LOAD_MAX_MS = 2_500;
    private static final int STARTING_MAX_MS = 600;
    private static final int VIOLATIONS_SHOWN = 20;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Ledger ledger = new Ledger(System::nanoTime);

    @Test
    void nothingConfirmedIsLostAndNothingAcknowledgedComesBack(@TempDir Path data) throws Exception {
        System.out.println("kill -9: seed " + seed + ", " + ROUNDS + " rounds");
        long crashNs = System.nanoTime();
        for (int round = 0; round <= ROUNDS; round++) {
            killWhileStarting(data);
            try (RelaisProcess relais = RelaisProcess.start(data)) {
                Address address = relais.awaitReady();
                if (round == 0) {
                    try (CrashLoad load = new CrashLoad(address, ledger, 0, 0)) {
                        load.declare();
                    }
                }
                check(round, address, crashNs, relais);
                if (round == ROUNDS) {
                    return;
                }
                crashNs = loadAndKill(round, address, relais);
            }
        }
    }

    /** Recovery that is cut off must not make anything worse. */
    private void killWhileStarting(Path data) throws Exception {
        if (random.nextInt(3) == 0) {
            try (RelaisProcess starting = RelaisProcess.start(data)) {
                Thread.sleep(random.nextInt(STARTING_MAX_MS));
                starting.killNine();
            }
        }
    }

    private void check(int round, Address address, long crashNs, RelaisProcess relais) throws Exception {
        long owed = ledger.owed();
        Map<String, List<Promise>> found = Drain.all(address);
        List<String> violations = ledger.violations(found, crashNs);
        assertThat(violations.stream().limit(VIOLATIONS_SHOWN)).as("round %d, seed %d, %d violations; Relais said: %s",
                round, seed, violations.size(), relais.output()).isEmpty();
        ledger.drained(found);
        System.out.println("kill -9: round " + round + ": " + ledger.size() + " published, " + owed + " owed, "
                + found.values().stream().mapToInt(List::size).sum() + " found");
    }

    private long loadAndKill(int round, Address address, RelaisProcess relais) throws Exception {
        try (CrashLoad load = new CrashLoad(address, ledger, round, random.nextLong())) {
            load.start();
            Thread.sleep(random.nextInt(LOAD_MAX_MS));
            long crashNs = System.nanoTime();
            relais.killNine();
            assertThat(load.complaints()).as("seed %d", seed).isEmpty();
            return crashNs;
        }
    }
}
