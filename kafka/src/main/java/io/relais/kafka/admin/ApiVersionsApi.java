// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;

/** ApiVersions (KIP-35, KIP-511): the keys that have a handler, with all versions of Kafka's library. */
public final class ApiVersionsApi {
    private final ApiTable apis;

    public ApiVersionsApi(ApiTable apis) {
        this.apis = apis;
    }

    public void handle(Request request) {
        if (!((ApiVersionsRequest) request.body()).isValid()) {
            request.fail(Errors.INVALID_REQUEST);
            return;
        }
        ApiVersionsResponseData response = new ApiVersionsResponseData();
        for (ApiKeys key : apis.keys()) {
            key.toApiVersionForApiResponse(false, ListenerType.BROKER).ifPresent(response.apiKeys()::add);
        }
        request.respond(response);
    }
}
