// SPDX-License-Identifier: Apache-2.0
package io.relais.server.training;

import java.io.IOException;
import java.net.Socket;

/** The training client, for tests of other packages. Real clients are in the module {@code it}. */
public final class TrainingRun {
    private TrainingRun() {}

    /** Declares, publishes, consumes, and leaves. */
    public static void client(int port) throws IOException {
        TrainingClient.run(port);
    }

    /** Opens a connection and a channel on a socket. */
    public static void open(Socket socket) throws IOException {
        new TrainingClient(socket).open();
    }
}
