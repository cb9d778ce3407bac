// SPDX-License-Identifier: Apache-2.0
package io.relais.server.control;

/** An operation could not be carried out. The text is one sentence for the person at the terminal. */
public final class OperationFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OperationFailedException(String text) {
        super(text);
    }
}
