// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import io.relais.broker.security.AccessControl;
import io.relais.broker.security.Permission;
import io.relais.broker.security.Permission.Access;

/**
 * What the user of a session may do in its virtual host.
 *
 * <p>Thread: the owner.
 */
final class SessionAccess {
    private final AccessControl access;
    private final String user;
    private final VirtualHost vhost;

    SessionAccess(AccessControl access, String user, VirtualHost vhost) {
        this.access = access;
        this.user = user;
        this.vhost = vhost;
    }

    /** Grows whenever an answer may have changed. */
    long version() {
        return access.version();
    }

    void checkExchange(Access kind, String exchange) throws RefusedException {
        check(kind, "exchange", exchange.isEmpty() ? "amq.default" : exchange);
    }

    void checkQueue(Access kind, String queue) throws RefusedException {
        check(kind, "queue", queue);
    }

    private void check(Access kind, String resource, String name) throws RefusedException {
        Permission permission = access.permission(user, vhost.name());
        if (permission == null || !permission.allows(kind, name)) {
            throw RefusedException.accessRefused(
                    "access to " + vhost.text(resource, name) + " refused for user '" + user + "'");
        }
    }
}
