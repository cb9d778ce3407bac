// SPDX-License-Identifier: Apache-2.0
package io.relais.server.control;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The operations that the command line may ask for, by name; run by the server for the control socket, or in the command's own process where no server runs.
 *
 * <pre>
 * request := {"operation": name, "arguments": {name: text, …}}
 * answer  := {"result": any} | {"failed": text}
 * </pre>
 */
public final class Operations {
    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    /** One operation. Called on any thread, and may block. */
    public interface Operation {
        /**
         * Carries it out.
         *
         * @return maps, lists, records and plain values; null where there is nothing to tell
         * @throws OperationFailedException where it cannot be done
         */
        @Nullable
        Object run(Arguments arguments);
    }

    /** Texts by name. */
    public record Arguments(Map<String, String> texts) {

        /** @throws OperationFailedException where it is missing */
        public String required(String name) {
            String text = texts.get(name);
            if (text == null) {
                throw new OperationFailedException("the argument '" + name + "' is missing");
            }
            return text;
        }

        public String or(String name, String other) {
            return texts.getOrDefault(name, other);
        }
    }

    private final Map<String, Operation> byName = new LinkedHashMap<>();

    public Operations add(String name, Operation operation) {
        byName.put(name, operation);
        return this;
    }

    /** Carries out a request line and returns the answer line. */
    public String answer(String requestLine) {
        try {
            Request request = Request.parse(requestLine);
            return Answer.ok(run(request.operation(), request.arguments()));
        } catch (OperationFailedException e) {
            return Answer.failed(String.valueOf(e.getMessage()));
        } catch (JacksonException e) {
            return Answer.failed("not a request: " + e.getOriginalMessage());
        } catch (RuntimeException e) {
            LOG.error("a command from the control socket failed", e);
            return Answer.failed("it failed inside the server: " + e);
        }
    }

    /**
     * Carries out an operation.
     *
     * @throws OperationFailedException where it cannot be done
     */
    public @Nullable Object run(String name, Map<String, String> arguments) {
        Operation operation = byName.get(name);
        if (operation == null) {
            throw new OperationFailedException("the server knows no operation '" + name + "'; is it another version?");
        }
        return operation.run(new Arguments(arguments));
    }
}
