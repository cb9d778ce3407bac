// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

/** What holds for a resource that no access control list is about. */
public enum Authorization {
    /** Everyone may do everything with it. */
    OPEN,
    /** Nobody may do anything with it, but administrators. */
    ACLS
}
