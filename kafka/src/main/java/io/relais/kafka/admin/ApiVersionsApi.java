// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.security.Clients;
import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;

/** ApiVersions (KIP-35, KIP-511, KIP-1242): the keys that have a handler, with all versions of Kafka's library, and the features. */
public final class ApiVersionsApi {
    private static final short MAY_BEGIN_AT_ZERO = 4;

    private static final int ANY_NODE = -1;

    private final KafkaContext context;
    private final ApiTable apis;
    private final Clients clients;

    public ApiVersionsApi(KafkaContext context, ApiTable apis, Clients clients) {
        this.context = context;
        this.apis = apis;
        this.clients = clients;
    }

    public void handle(Request request) {
        if (!((ApiVersionsRequest) request.body()).isValid()) {
            request.fail(Errors.INVALID_REQUEST);
            return;
        }
        ApiVersionsRequestData data = request.data(ApiVersionsRequestData.class);
        if (isElsewhere(data)) {
            request.fail(Errors.REBOOTSTRAP_REQUIRED);
            return;
        }
        clients.of(request.connection()).software(data.clientSoftwareName(), data.clientSoftwareVersion());
        ApiVersionsResponseData response = new ApiVersionsResponseData();
        for (ApiKeys key : apis.keys()) {
            key.toApiVersionForApiResponse(false, ListenerType.BROKER).ifPresent(response.apiKeys()::add);
        }
        Features.addTo(response, request.version() >= MAY_BEGIN_AT_ZERO);
        request.respond(response);
    }

    /** Whether the client wanted another broker, whose address is ours now (KIP-1242). */
    private boolean isElsewhere(ApiVersionsRequestData data) {
        return (data.clusterId() != null && !data.clusterId().equals(context.clusterId()))
                || (data.nodeId() != ANY_NODE && data.nodeId() != context.settings().nodeId());
    }
}
