// SPDX-License-Identifier: Apache-2.0
package io.relais.server.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the command line over {@code DATA/control.sock}: one line in, one line out, then the connection ends. Only the owner of the data folder can connect.
 *
 * <p>Thread: one of its own that accepts, one for each connection.
 * <p>Bounds: {@value #CONNECTIONS_MAX} connections at a time; further ones wait.
 */
public final class ControlServer implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 8;
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private final ServerSocketChannel listener;
    private final Path socket;
    private final @Nullable Path shortFolder;
    private final UnaryOperator<String> handler;
    private final Semaphore connections = new Semaphore(CONNECTIONS_MAX);

    private ControlServer(ServerSocketChannel listener, Path socket, @Nullable Path shortFolder,
            UnaryOperator<String> handler) {
        this.listener = listener;
        this.socket = socket;
        this.shortFolder = shortFolder;
        this.handler = handler;
    }

    /**
     * Begins to answer. The data folder must be locked by this process: a socket that lies there is an old one.
     *
     * @param handler answers one request line; called from several threads
     */
    public static ControlServer start(Path data, UnaryOperator<String> handler) throws IOException {
        Path socket = data.resolve(Control.SOCKET).toAbsolutePath();
        Files.deleteIfExists(socket);
        boolean tooLong = socket.toString().getBytes(StandardCharsets.UTF_8).length > Control.PATH_MAX_BYTES;
        Path folder = tooLong
                ? Files.createTempDirectory("relais-")
                : Files.createTempDirectory(socket.getParent(), "c");
        ServerSocketChannel listener = listen(folder.resolve("s"));
        if (tooLong) {
            Files.createSymbolicLink(socket, folder.resolve("s"));
        } else {
            Files.move(folder.resolve("s"), socket, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(folder);
        }
        ControlServer server = new ControlServer(listener, socket, tooLong ? folder : null, handler);
        Thread thread = new Thread(server::acceptAll, "relais-control");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    /** The folder is the owner's alone from its creation on, so nobody can connect before the socket itself is. */
    private static ServerSocketChannel listen(Path path) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return listener;
    }

    private void acceptAll() {
        try {
            while (true) {
                connections.acquireUninterruptibly();
                SocketChannel connection = listener.accept();
                Thread thread = new Thread(() -> answer(connection), "relais-control-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            if (listener.isOpen()) {
                LOG.error("the control socket {} takes no more commands", socket, e);
            }
        }
    }

    private void answer(SocketChannel connection) {
        try (connection) {
            Lines.write(connection, handler.apply(Lines.read(connection)));
        } catch (IOException e) {
            LOG.debug("a command over the control socket was broken off", e);
        } finally {
            connections.release();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(socket);
        if (shortFolder != null) {
            Files.deleteIfExists(shortFolder.resolve("s"));
            Files.deleteIfExists(shortFolder);
        }
    }
}
