// SPDX-License-Identifier: Apache-2.0
package io.relais.server.control;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** What both ends of the control socket agree on. */
final class Control {
    /** Relative to the data folder. */
    static final String SOCKET = "control.sock";

    /** The longest request and answer, in bytes, line end included. */
    static final int LINE_MAX_BYTES = 64 << 20;

    /** Linux allows 107 bytes and a terminating zero, others 103, and the name is longer while the socket is made. Longer paths lead to a short one by a symbolic link. */
    static final int PATH_MAX_BYTES = 80;

    private Control() {}

    /** Where the socket of a data folder really is. */
    static UnixDomainSocketAddress address(Path data) throws IOException {
        return UnixDomainSocketAddress.of(data.resolve(SOCKET).toRealPath());
    }
}
