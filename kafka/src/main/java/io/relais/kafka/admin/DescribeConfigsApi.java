// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.List;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.resource.ResourceType;

/** DescribeConfigs of topics, the broker, its loggers (of which none can be set), groups and client metrics. */
public final class DescribeConfigsApi {
    private final KafkaContext context;
    private final ConfigEntries entries;

    public DescribeConfigsApi(KafkaContext context, ConfigEntries entries) {
        this.context = context;
        this.entries = entries;
    }

    public void handle(Request request) {
        DescribeConfigsRequestData data = request.data(DescribeConfigsRequestData.class);
        DescribeConfigsResponseData response = new DescribeConfigsResponseData();
        data.resources().forEach(each -> response.results().add(describe(request, data, each)));
        request.respond(response);
    }

    private DescribeConfigsResult describe(Request request, DescribeConfigsRequestData data,
            DescribeConfigsResource wanted) {
        DescribeConfigsResult result = new DescribeConfigsResult().setResourceType(wanted.resourceType())
                .setResourceName(wanted.resourceName());
        try {
            Errors refused = refusal(request, wanted);
            if (refused != Errors.NONE) {
                return result.setErrorCode(refused.code()).setErrorMessage(refused.message());
            }
            List<String> names = wanted.configurationKeys();
            find(wanted, data.includeSynonyms(), data.includeDocumentation()).stream()
                    .filter(entry -> names == null || names.isEmpty() || names.contains(entry.name()))
                    .forEach(result.configs()::add);
        } catch (ApiException e) {
            ApiError error = ApiError.fromThrowable(e);
            result.setErrorCode(error.error().code()).setErrorMessage(error.message());
        }
        return result;
    }

    private Errors refusal(Request request, DescribeConfigsResource wanted) {
        return switch (ConfigResource.Type.forId(wanted.resourceType())) {
            case TOPIC -> context.access().allowed(request, AclOperation.DESCRIBE_CONFIGS, ResourceType.TOPIC,
                    wanted.resourceName()) ? Errors.NONE : Errors.TOPIC_AUTHORIZATION_FAILED;
            case GROUP -> context.access().allowed(request, AclOperation.DESCRIBE_CONFIGS, ResourceType.GROUP,
                    wanted.resourceName()) ? Errors.NONE : Errors.GROUP_AUTHORIZATION_FAILED;
            case BROKER, BROKER_LOGGER, CLIENT_METRICS ->
                context.access().allowedOnCluster(request, AclOperation.DESCRIBE_CONFIGS)
                        ? Errors.NONE
                        : Errors.CLUSTER_AUTHORIZATION_FAILED;
            case UNKNOWN -> throw new InvalidRequestException("Unexpected resource type " + wanted.resourceType()
                    + " for resource " + wanted.resourceName());
        };
    }

    private List<DescribeConfigsResourceResult> find(DescribeConfigsResource wanted, boolean synonyms,
            boolean documentation) {
        String name = wanted.resourceName();
        return switch (ConfigResource.Type.forId(wanted.resourceType())) {
            case TOPIC -> {
                org.apache.kafka.common.internals.Topic.validate(name);
                Topic topic = context.topics().byName(name);
                if (topic == null) {
                    throw Errors.UNKNOWN_TOPIC_OR_PARTITION.exception();
                }
                yield entries.ofTopic(topic.config(), synonyms, documentation);
            }
            case BROKER -> {
                if (name.isEmpty()) {
                    yield entries.ofAllBrokers(synonyms, documentation);
                }
                checkNode(name, " or empty string, but received ");
                yield entries.ofBroker(synonyms, documentation);
            }
            case BROKER_LOGGER -> {
                if (name.isEmpty()) {
                    throw new InvalidRequestException("Broker id must not be empty");
                }
                checkNode(name, " but received ");
                yield List.of();
            }
            case GROUP -> {
                if (name.isEmpty()) {
                    throw new InvalidRequestException("Group name must not be empty");
                }
                yield entries.ofGroup(name, synonyms, documentation);
            }
            case CLIENT_METRICS -> {
                if (name.isEmpty()) {
                    throw new InvalidRequestException("Client metrics subscription name must not be empty");
                }
                yield entries.ofClientMetrics(name, synonyms, documentation);
            }
            case UNKNOWN -> throw new InvalidRequestException("Unsupported resource type: " + wanted.resourceType());
        };
    }

    private void checkNode(String name, String but) {
        int expected = context.settings().nodeId();
        int node;
        try {
            node = Integer.parseInt(name);
        } catch (NumberFormatException _) {
            throw new InvalidRequestException("Broker id must be an integer, but it is: " + name);
        }
        if (node != expected) {
            throw new InvalidRequestException("Unexpected broker id, expected " + expected + but + name);
        }
    }
}
