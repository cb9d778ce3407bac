// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

/** Whether clients must say who they are. */
public enum Authentication {
    /** Where other machines reach the listener, unless the network is trusted. */
    AUTO, OPTIONAL, REQUIRED
}
