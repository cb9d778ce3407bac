// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/** DeleteTopics, by name or by id; what is named twice is not deleted. */
public final class DeleteTopicsApi {
    private final KafkaContext context;

    public DeleteTopicsApi(KafkaContext context) {
        this.context = context;
    }

    public void handle(Request request) {
        DeleteTopicsRequestData data = request.data(DeleteTopicsRequestData.class);
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        Once<String> names = new Once<>();
        Once<Uuid> ids = new Once<>();
        data.topicNames().forEach(names::add);
        for (DeleteTopicState topic : data.topics()) {
            boolean hasId = !topic.topicId().equals(Uuid.ZERO_UUID);
            if (topic.name() != null && hasId) {
                add(response, topic.name(), topic.topicId(), Errors.INVALID_REQUEST,
                        "You may not specify both topic name and topic id.");
            } else if (topic.name() != null) {
                names.add(topic.name());
            } else if (hasId) {
                ids.add(topic.topicId());
            } else {
                add(response, null, Uuid.ZERO_UUID, Errors.INVALID_REQUEST,
                        "Neither topic name nor id were specified.");
            }
        }
        names.twice.forEach(
                name -> add(response, name, Uuid.ZERO_UUID, Errors.INVALID_REQUEST, "Duplicate topic name."));
        ids.twice.forEach(id -> add(response, null, id, Errors.INVALID_REQUEST, "Duplicate topic id."));
        delete(request, response, names.once, ids);
        Answers.whenDurable(context, request, response);
    }

    private void delete(Request request, DeleteTopicsResponseData response, Set<String> names, Once<Uuid> ids) {
        Map<Topic, Boolean> doomed = new LinkedHashMap<>();
        for (Uuid id : ids.once) {
            Topic topic = context.topics().byId(id);
            if (topic == null) {
                add(response, null, id, Errors.UNKNOWN_TOPIC_ID, Errors.UNKNOWN_TOPIC_ID.message());
            } else if (!mayDelete(request, topic.name())) {
                add(response, mayDescribe(request, topic.name()) ? topic.name() : null, id,
                        Errors.TOPIC_AUTHORIZATION_FAILED, Errors.TOPIC_AUTHORIZATION_FAILED.message());
            } else {
                doomed.put(topic, true);
            }
        }
        for (String name : names) {
            Topic topic = context.topics().byName(name);
            if (!mayDescribe(request, name)) {
                add(response, name, Uuid.ZERO_UUID, Errors.TOPIC_AUTHORIZATION_FAILED,
                        Errors.TOPIC_AUTHORIZATION_FAILED.message());
            } else if (topic == null) {
                add(response, name, Uuid.ZERO_UUID, Errors.UNKNOWN_TOPIC_OR_PARTITION,
                        Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
            } else if (!mayDelete(request, name)) {
                add(response, name, Uuid.ZERO_UUID, Errors.TOPIC_AUTHORIZATION_FAILED,
                        Errors.TOPIC_AUTHORIZATION_FAILED.message());
            } else if (ids.twice.contains(topic.id()) || doomed.containsKey(topic)) {
                doomed.remove(topic);
                add(response, name, topic.id(), Errors.INVALID_REQUEST,
                        "The provided topic name maps to an ID that was already supplied.");
            } else {
                doomed.put(topic, true);
            }
        }
        doomed.keySet().forEach(topic -> delete(request, response, topic));
    }

    private void delete(Request request, DeleteTopicsResponseData response, Topic topic) {
        if (context.quotas().mutateController(request, topic.partitions().size(), false) > 0) {
            add(response, topic.name(), topic.id(), Errors.THROTTLING_QUOTA_EXCEEDED,
                    Errors.THROTTLING_QUOTA_EXCEEDED.message());
            return;
        }
        context.topics().delete(topic);
        add(response, topic.name(), topic.id(), Errors.NONE, null);
    }

    private boolean mayDescribe(Request request, String name) {
        return context.access().allowedOnCluster(request, AclOperation.DELETE)
                || context.access().visible(request, AclOperation.DESCRIBE, ResourceType.TOPIC, name);
    }

    private boolean mayDelete(Request request, String name) {
        return context.access().allowedOnCluster(request, AclOperation.DELETE)
                || context.access().allowed(request, AclOperation.DELETE, ResourceType.TOPIC, name);
    }

    private static void add(DeleteTopicsResponseData response, @Nullable String name, Uuid id, Errors error,
            @Nullable String message) {
        response.responses().add(new DeletableTopicResult().setName(name).setTopicId(id).setErrorCode(error.code())
                .setErrorMessage(message));
    }

    /** Values, told apart by whether they came once or more often. */
    private static final class Once<T> {
        final Set<T> once = new LinkedHashSet<>();
        final Set<T> twice = new HashSet<>();

        void add(T value) {
            if (twice.contains(value)) {
                return;
            }
            if (!once.add(value)) {
                once.remove(value);
                twice.add(value);
            }
        }
    }
}
