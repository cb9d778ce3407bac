// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import io.relais.server.OfflineAdministration;
import io.relais.server.config.Config;
import io.relais.server.control.Answer;
import io.relais.server.control.ControlClient;
import io.relais.server.control.OperationFailedException;
import io.relais.server.control.Request;
import tools.jackson.databind.JsonNode;

/** Has an operation carried out: by the server that runs on the data folder, or on the data folder itself where none runs. */
record Asking(Config config) {

    static Asking of(Config config) {
        return new Asking(config);
    }

    /** @throws OperationFailedException where it cannot be done */
    JsonNode ask(String operation, Map<String, String> arguments) {
        Optional<JsonNode> answer = askServer(operation, arguments);
        return answer.orElseGet(() -> OfflineAdministration.with(config, operations -> Answer
                .result(operations.answer(new Request(operation, arguments).line()))));
    }

    /** Empty where no server runs. */
    Optional<JsonNode> askServer(String operation, Map<String, String> arguments) {
        Path data = config.data();
        try {
            return ControlClient.ask(data, new Request(operation, arguments).line()).map(Answer::result);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the server on " + data.toAbsolutePath().normalize() + " does not answer: " + e.getMessage(), e);
        }
    }
}
