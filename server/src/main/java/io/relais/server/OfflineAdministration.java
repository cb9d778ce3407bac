// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

import io.relais.broker.Administration;
import io.relais.log.local.DataFolder;
import io.relais.log.local.DataFolderException;
import io.relais.log.metadata.MetadataStore;
import io.relais.server.config.Config;
import io.relais.server.control.OperationFailedException;
import io.relais.server.control.Operations;

/** The operations on the data folder of a server that does not run. */
public final class OfflineAdministration {
    private OfflineAdministration() {}

    /**
     * Locks the folder, hands its operations to {@code use}, and gives the folder back.
     *
     * @throws OperationFailedException where there is no such folder
     * @throws DataUnusableException    where it is in use, newer, or cannot be read
     */
    public static <T> T with(Config config, Function<Operations, T> use) {
        Path path = config.data().toAbsolutePath().normalize();
        if (!Files.isDirectory(path)) {
            throw new OperationFailedException("there is no data folder " + path
                    + "; name the server's with --data, or start it once with 'relais serve'");
        }
        Closing closing = new Closing(new SystemClock());
        try {
            return use.apply(open(path, config, closing));
        } catch (DataFolderException | IOException e) {
            throw new DataUnusableException(String.valueOf(e.getMessage()), e);
        } catch (CompletionException e) {
            throw new DataUnusableException("the metadata in " + path + " cannot be read: " + e.getMessage(), e);
        } finally {
            closing.closeAll(config.stopTimeout());
        }
    }

    private static Operations open(Path path, Config config, Closing closing) throws DataFolderException, IOException {
        DataFolder folder = Storage.lock(path, closing);
        Workers workers = new Workers();
        closing.add("worker threads", workers::close);
        MetadataStore metadata = Storage.metadata(folder.disk(), workers, closing);
        Administration administration = Administration.offline(metadata, Assembly.security(config))
                .toCompletableFuture()
                .join();
        return new AdminOperations(administration, new Replies(Runnable::run)).addTo(new Operations())
                .add("list.connections", _ -> {
                    throw new OperationFailedException("no server runs on " + path + ", so there are no connections");
                });
    }
}
