// SPDX-License-Identifier: Apache-2.0
package io.relais.server.control;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/** What the command line is told. */
public final class Answer {
    private static final String RESULT = "result";
    private static final String FAILED = "failed";

    private Answer() {}

    static String ok(@Nullable Object result) {
        return JsonMapper.shared().createObjectNode().set(RESULT,
                result == null ? NullNode.getInstance() : JsonMapper.shared().valueToTree(result)).toString();
    }

    static String failed(String text) {
        return JsonMapper.shared().writeValueAsString(Map.of(FAILED, text));
    }

    /** Reads an answer line. @throws OperationFailedException where the operation failed */
    public static JsonNode result(String line) {
        JsonNode answer = JsonMapper.shared().readTree(line);
        if (answer.has(FAILED)) {
            throw new OperationFailedException(answer.get(FAILED).asString());
        }
        JsonNode result = answer.get(RESULT);
        return result == null ? NullNode.getInstance() : result;
    }
}
