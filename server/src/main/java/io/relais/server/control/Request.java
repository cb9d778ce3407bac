// SPDX-License-Identifier: Apache-2.0
package io.relais.server.control;

import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

/** What the command line asks for. */
public record Request(String operation, Map<String, String> arguments) {

    static Request parse(String line) {
        return JsonMapper.shared().readValue(line, Request.class);
    }

    /** The request as one line. */
    public String line() {
        return JsonMapper.shared().writeValueAsString(this);
    }
}
