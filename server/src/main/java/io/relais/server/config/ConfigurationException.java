// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

/** The configuration cannot be used. The text is one sentence that says which key, where it was set, and what would be right. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String text) {
        super(text);
    }
}
