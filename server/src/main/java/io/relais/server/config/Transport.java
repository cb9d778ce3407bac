// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

/** How sockets are waited for. */
public enum Transport {
    AUTO, EPOLL, IO_URING, NIO
}
