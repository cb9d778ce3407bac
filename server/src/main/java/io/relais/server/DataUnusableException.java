// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

/** The data folder is in use, is of a newer format, or cannot be read. The text is one sentence for the person who starts the program. */
public final class DataUnusableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DataUnusableException(String text, Throwable cause) {
        super(text, cause);
    }
}
