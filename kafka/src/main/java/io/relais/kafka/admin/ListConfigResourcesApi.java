// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.Collection;
import java.util.List;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListConfigResourcesRequest;

/** ListConfigResources (KIP-1142): what can be, or was, configured. */
public final class ListConfigResourcesApi {
    private final KafkaContext context;
    private final DynamicConfigs configs;

    public ListConfigResourcesApi(KafkaContext context, DynamicConfigs configs) {
        this.context = context;
        this.configs = configs;
    }

    public void handle(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.DESCRIBE_CONFIGS)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        List<Byte> asked = request.data(ListConfigResourcesRequestData.class).resourceTypes();
        Collection<Byte> supported = ((ListConfigResourcesRequest) request.body()).supportedResourceTypes();
        if (!supported.containsAll(asked)) {
            request.respond(new ListConfigResourcesResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
            return;
        }
        Collection<Byte> wanted = asked.isEmpty() ? supported : asked;
        ListConfigResourcesResponseData response = new ListConfigResourcesResponseData();
        String node = Integer.toString(context.settings().nodeId());
        for (ConfigResource.Type type : ConfigResource.Type.values()) {
            if (wanted.contains(type.id())) {
                switch (type) {
                    case GROUP, CLIENT_METRICS -> add(response, type, configs.names(type));
                    case BROKER, BROKER_LOGGER -> add(response, type, List.of(node));
                    case TOPIC -> add(response, type, context.topics().all().stream().map(Topic::name).toList());
                    case UNKNOWN -> add(response, type, List.of());
                }
            }
        }
        request.respond(response);
    }

    private static void add(ListConfigResourcesResponseData response, ConfigResource.Type type, List<String> names) {
        names.forEach(name -> response.configResources().add(new ListConfigResourcesResponseData.ConfigResource()
                .setResourceName(name).setResourceType(type.id())));
    }
}
