// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

/**
 * Names one log: the shard that owns it, and its number within the shard.
 *
 * @param shard  number of the shard, 0 or greater
 * @param number 0 is the shard's journal; every other log has a number that is never used again
 */
public record LogId(int shard, long number) {

    /** The journal of a shard. */
    public static LogId journal(int shard) {
        return new LogId(shard, 0);
    }

    public boolean isJournal() {
        return number == 0;
    }

    @Override
    public String toString() {
        return isJournal() ? "shard-" + shard + "/journal" : "shard-" + shard + "/log-" + number;
    }
}
