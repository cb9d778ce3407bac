// SPDX-License-Identifier: Apache-2.0
package io.relais.server.training;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

import io.relais.server.Server;
import io.relais.server.config.Config;
import io.relais.server.listen.Listen;
import org.jspecify.annotations.Nullable;

/** Starts a broker on a folder of its own, serves one client, and leaves nothing behind. */
public final class Training {
    private Training() {}

    public static void run() throws IOException {
        Path data = Files.createTempDirectory("relais-training-");
        try {
            Config config = Config.of(Map.of("data", data.toString(), "amqp.listen", "127.0.0.1:0"));
            try (Server server = Server.start(config)) {
                if (server.amqp() instanceof Listen.At at) {
                    TrainingClient.run(at.port());
                }
            }
        } finally {
            delete(data);
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
