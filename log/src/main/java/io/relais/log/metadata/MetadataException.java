// SPDX-License-Identifier: Apache-2.0
package io.relais.log.metadata;

/** Why a change of metadata did not happen, or is not known to have happened. */
public abstract sealed class MetadataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private MetadataException(String message, Throwable cause) {
        super(message, cause);
    }

    private MetadataException(String message) {
        super(message);
    }

    /** The key has another version than expected. Nothing was changed. */
    public static final class VersionConflict extends MetadataException {
        private static final long serialVersionUID = 1L;

        public VersionConflict(String key, long expected, long found) {
            super("key " + key + " has version " + found + ", expected " + expected);
        }
    }

    /** Whether the change is durable cannot be told: never taken for a failure, nor for a success. */
    public static final class OutcomeUnknown extends MetadataException {
        private static final long serialVersionUID = 1L;

        public OutcomeUnknown(String what, Throwable cause) {
            super(what + ": the outcome is unknown: " + cause.getMessage(), cause);
        }
    }
}
