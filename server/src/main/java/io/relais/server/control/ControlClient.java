// SPDX-License-Identifier: Apache-2.0
package io.relais.server.control;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Asks the server that runs on a data folder. */
public final class ControlClient {
    private ControlClient() {}

    /** Sends one request line and returns the answer; empty where no server runs. */
    public static Optional<String> ask(Path data, String request) throws IOException {
        try (SocketChannel connection = SocketChannel.open(Control.address(data))) {
            Lines.write(connection, request);
            return Optional.of(Lines.read(connection));
        } catch (NoSuchFileException | ConnectException _) {
            return Optional.empty(); // no socket, or one that a killed server left
        }
    }
}
