// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.wire.Request;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.resource.ResourceType;

/**
 * IncrementalAlterConfigs (KIP-339: set, delete, append, subtract), and the older AlterConfigs, which replaces all that is set of a resource. Each resource is changed as a whole or not at all.
 */
public final class AlterConfigsApi {
    private final KafkaContext context;
    private final DynamicConfigs configs;

    public AlterConfigsApi(KafkaContext context, DynamicConfigs configs) {
        this.context = context;
        this.configs = configs;
    }

    /** IncrementalAlterConfigs. */
    public void incremental(Request request) {
        IncrementalAlterConfigsRequestData data = request.data(IncrementalAlterConfigsRequestData.class);
        Set<ConfigResource> twice = new HashSet<>();
        Set<ConfigResource> seen = new HashSet<>();
        data.resources().forEach(each -> {
            if (!seen.add(resource(each.resourceType(), each.resourceName()))) {
                twice.add(resource(each.resourceType(), each.resourceName()));
            }
        });
        IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
        for (AlterConfigsResource each : data.resources()) {
            ConfigResource resource = resource(each.resourceType(), each.resourceName());
            ApiError error = twice.contains(resource)
                    ? new ApiError(Errors.INVALID_REQUEST, "Each resource must appear at most once.")
                    : attempt(request, resource, data.validateOnly(), () -> changed(resource, each));
            response.responses().add(new AlterConfigsResourceResponse().setResourceType(each.resourceType())
                    .setResourceName(each.resourceName()).setErrorCode(error.error().code())
                    .setErrorMessage(error.message()));
        }
        Answers.whenDurable(context, request, response);
    }

    /** AlterConfigs. */
    public void replacing(Request request) {
        AlterConfigsRequestData data = request.data(AlterConfigsRequestData.class);
        Set<ConfigResource> twice = new HashSet<>();
        Set<ConfigResource> seen = new HashSet<>();
        data.resources().forEach(each -> {
            if (!seen.add(resource(each.resourceType(), each.resourceName()))) {
                twice.add(resource(each.resourceType(), each.resourceName()));
            }
        });
        AlterConfigsResponseData response = new AlterConfigsResponseData();
        for (AlterConfigsRequestData.AlterConfigsResource each : data.resources()) {
            ConfigResource resource = resource(each.resourceType(), each.resourceName());
            ApiError error = twice.contains(resource)
                    ? new ApiError(Errors.INVALID_REQUEST, "Each resource must appear at most once.")
                    : attempt(request, resource, data.validateOnly(), () -> replaced(each));
            response.responses()
                    .add(new AlterConfigsResponseData.AlterConfigsResourceResponse()
                            .setResourceType(each.resourceType()).setResourceName(each.resourceName())
                            .setErrorCode(error.error().code()).setErrorMessage(error.message()));
        }
        Answers.whenDurable(context, request, response);
    }

    private static ConfigResource resource(byte type, String name) {
        return new ConfigResource(ConfigResource.Type.forId(type), name);
    }

    /** What a resource is to be configured with, all of it. */
    private interface Wanted {
        Map<String, String> values();
    }

    private ApiError attempt(Request request, ConfigResource resource, boolean validateOnly, Wanted wanted) {
        try {
            Errors refused = refusal(request, resource);
            if (refused != Errors.NONE) {
                return new ApiError(refused);
            }
            Map<String, String> values = wanted.values();
            configs.check(resource, values);
            if (!validateOnly) {
                configs.put(resource, values);
            }
            return ApiError.NONE;
        } catch (ConfigException e) {
            return new ApiError(Errors.INVALID_CONFIG, e.getMessage());
        } catch (ApiException e) {
            return ApiError.fromThrowable(e);
        }
    }

    private Errors refusal(Request request, ConfigResource resource) {
        return switch (resource.type()) {
            case TOPIC ->
                context.access().allowed(request, AclOperation.ALTER_CONFIGS, ResourceType.TOPIC, resource.name())
                        ? Errors.NONE
                        : Errors.TOPIC_AUTHORIZATION_FAILED;
            case GROUP ->
                context.access().allowed(request, AclOperation.ALTER_CONFIGS, ResourceType.GROUP, resource.name())
                        ? Errors.NONE
                        : Errors.GROUP_AUTHORIZATION_FAILED;
            case BROKER, BROKER_LOGGER, CLIENT_METRICS, UNKNOWN ->
                context.access().allowedOnCluster(request, AclOperation.ALTER_CONFIGS)
                        ? Errors.NONE
                        : Errors.CLUSTER_AUTHORIZATION_FAILED;
        };
    }

    private Map<String, String> changed(ConfigResource resource, AlterConfigsResource wanted) {
        Set<String> names = new HashSet<>();
        List<String> absent = new ArrayList<>();
        for (AlterableConfig each : wanted.configs()) {
            if (!names.add(each.name())) {
                throw new InvalidRequestException("Error due to duplicate config keys");
            }
            if (each.value() == null && each.configOperation() != AlterConfigOp.OpType.DELETE.id()) {
                absent.add(each.name());
            }
        }
        checkAbsent(absent);
        Map<String, String> values = new HashMap<>(configs.of(resource));
        wanted.configs().forEach(each -> change(resource, values, each));
        return values;
    }

    private void change(ConfigResource resource, Map<String, String> values, AlterableConfig wanted) {
        String name = wanted.name();
        AlterConfigOp.OpType operation = AlterConfigOp.OpType.forId(wanted.configOperation());
        if (operation == null) {
            throw new InvalidRequestException("Unknown operations type " + wanted.configOperation());
        }
        switch (operation) {
            case SET -> values.put(name, wanted.value());
            case DELETE -> values.remove(name);
            case APPEND -> values.put(name, ConfigValues.append(list(resource, values, operation, name),
                    wanted.value()));
            case SUBTRACT -> values.put(name, ConfigValues.subtract(list(resource, values, operation, name),
                    wanted.value()));
        }
    }

    /** What the list is now: what is set, or else what holds by default. */
    private @org.jspecify.annotations.Nullable String list(ConfigResource resource, Map<String, String> values,
            AlterConfigOp.OpType operation, String name) {
        if (!DynamicConfigs.isList(resource.type(), name)) {
            throw new ConfigException("Can't " + operation + " to key " + name + " because its type is not LIST.");
        }
        String set = values.get(name);
        if (set != null) {
            return set;
        }
        return switch (resource.type()) {
            case TOPIC -> {
                String broker = BrokerConfigs.TOPIC_SYNONYMS.get(name);
                yield broker == null ? null : configs.brokerValue(broker);
            }
            case BROKER -> configs.brokerValue(name);
            case GROUP, CLIENT_METRICS, BROKER_LOGGER, UNKNOWN -> null;
        };
    }

    private static Map<String, String> replaced(AlterConfigsRequestData.AlterConfigsResource wanted) {
        Map<String, String> values = new HashMap<>();
        List<String> absent = new ArrayList<>();
        for (AlterConfigsRequestData.AlterableConfig each : wanted.configs()) {
            if (each.value() == null) {
                absent.add(each.name());
            } else if (values.put(each.name(), each.value()) != null) {
                throw new InvalidRequestException("Error due to duplicate config keys");
            }
        }
        checkAbsent(absent);
        return values;
    }

    private static void checkAbsent(List<String> absent) {
        if (!absent.isEmpty()) {
            throw new InvalidRequestException("Null value not supported for : " + String.join(", ", absent));
        }
    }
}
