// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

/** How much is logged. */
public enum Level {
    ERROR, WARN, INFO, DEBUG, TRACE
}
