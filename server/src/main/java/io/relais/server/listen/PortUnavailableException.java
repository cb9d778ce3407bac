// SPDX-License-Identifier: Apache-2.0
package io.relais.server.listen;

import org.jspecify.annotations.Nullable;

/** A listener cannot have its port. The text is one sentence for the person who starts the program. */
public final class PortUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PortUnavailableException(String text, @Nullable Throwable cause) {
        super(text, cause);
    }
}
