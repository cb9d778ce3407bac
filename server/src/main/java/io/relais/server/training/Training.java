// SPDX-License-Identifier: Apache-2.0
package io.relais.server.training;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Function;

import io.relais.kafka.training.KafkaTrainingClient;
import io.relais.server.Server;
import io.relais.server.config.Config;
import io.relais.server.listen.Listen;
import org.jspecify.annotations.Nullable;

/** Starts a broker on a folder of its own, serves one client, and leaves nothing behind. */
public final class Training {
    private Training() {}

    /** Runs it with the configuration that is made for a folder. */
    public static void run(Function<Path, Config> configuration) throws IOException {
        Path data = Files.createTempDirectory("relais-training-");
        try {
            serve(configuration.apply(data)); // on an empty folder,
            serve(configuration.apply(data)); // and on one that is recovered
        } finally {
            delete(data);
        }
    }

    private static void serve(Config config) throws IOException {
        try (Server server = Server.start(config)) {
            if (server.amqp() instanceof Listen.At at) {
                TrainingClient.run(at.port());
            }
            if (server.kafka() instanceof Listen.At at) {
                KafkaTrainingClient.run(at.port());
            }
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
