// SPDX-License-Identifier: Apache-2.0
package io.relais.server.control;

import java.util.LinkedHashMap;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the command line asks for. */
public record Request(String operation, Map<String, String> arguments) {

    static Request parse(String line) {
        JsonNode request = JsonMapper.shared().readTree(line);
        if (!request.path("operation").isString()) {
            throw new OperationFailedException("not a request: it names no operation");
        }
        Map<String, String> arguments = new LinkedHashMap<>();
        request.path("arguments").properties()
                .forEach(each -> arguments.put(each.getKey(), each.getValue().asString()));
        return new Request(request.get("operation").asString(), arguments);
    }

    /** The request as one line. */
    public String line() {
        return JsonMapper.shared().writeValueAsString(this);
    }
}
