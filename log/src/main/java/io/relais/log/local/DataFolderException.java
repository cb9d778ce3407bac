// SPDX-License-Identifier: Apache-2.0
package io.relais.log.local;

/** Why a data folder cannot be used. The text is one sentence for an operator, with what to do. */
public final class DataFolderException extends Exception {
    private static final long serialVersionUID = 1L;

    DataFolderException(String message) {
        super(message);
    }

    DataFolderException(String message, Throwable cause) {
        super(message, cause);
    }
}
