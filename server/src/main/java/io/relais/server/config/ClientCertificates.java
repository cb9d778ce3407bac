// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

/** Whether clients show a certificate when they connect by TLS. */
public enum ClientCertificates {
    NONE, OPTIONAL, REQUIRED
}
