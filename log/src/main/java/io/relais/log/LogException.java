// SPDX-License-Identifier: Apache-2.0
package io.relais.log;

import org.jspecify.annotations.Nullable;

/** Why a log could not do what was asked. The text says which log, where, and what an operator can do. */
public abstract sealed class LogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private LogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Somebody opened the log with a higher epoch. */
    public static final class StaleEpoch extends LogException {
        private static final long serialVersionUID = 1L;

        public StaleEpoch(LogId id, long epoch, long stored) {
            super("log " + id + " has epoch " + stored + ", which is not below " + epoch
                    + ": another process took it over", null);
        }
    }

    /** An earlier append failed, or the writer is closed. */
    public static final class WriterDead extends LogException {
        private static final long serialVersionUID = 1L;

        public WriterDead(LogId id, @Nullable Throwable cause) {
            super("log " + id + " takes no more appends until it is reopened", cause);
        }
    }

    /** The offset lies below the start of the log. */
    public static final class Trimmed extends LogException {
        private static final long serialVersionUID = 1L;

        public Trimmed(LogId id, long offset, long start) {
            super("log " + id + " begins at offset " + start + ": offset " + offset + " was trimmed", null);
        }
    }

    /** Bytes that were durable once no longer match their checksum. */
    public static final class Damaged extends LogException {
        private static final long serialVersionUID = 1L;

        private final transient Damage damage;

        public Damaged(Damage damage) {
            super(damage.toString(), null);
            this.damage = damage;
        }

        public Damage damage() {
            return damage;
        }
    }

    /** The disk failed or is full. */
    public static final class Io extends LogException {
        private static final long serialVersionUID = 1L;

        public Io(String what, Throwable cause) {
            super(what + ": " + cause.getMessage(), cause);
        }
    }
}
