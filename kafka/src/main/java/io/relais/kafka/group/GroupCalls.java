// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

import io.relais.kafka.topic.Topic;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.jspecify.annotations.Nullable;

/** What handlers share: they ask the coordinator, and answer on the owner. Thread: the owner. */
final class GroupCalls {
    private final GroupHost host;

    GroupCalls(GroupHost host) {
        this.host = host;
    }

    GroupHost host() {
        return host;
    }

    /** A question to the coordinator. */
    @FunctionalInterface
    interface Call<T> {
        CompletionStage<T> to(GroupCoordinator coordinator, AuthorizableRequestContext source);
    }

    /** Asks, and answers with what it says. */
    <T extends ApiMessage> void answer(Request request, Call<T> call) {
        ask(request, call, request::respond);
    }

    /** As {@link #answer}, where the client may do that with the group; else the whole request is refused. */
    <T extends ApiMessage> void answer(Request request, AclOperation operation, String group, Call<T> call) {
        answer(request, operation, group, call, response -> response);
    }

    /** @param shaped what the version of the request makes of the answer */
    <T extends ApiMessage> void answer(Request request, AclOperation operation, String group, Call<T> call,
            Function<T, ? extends ApiMessage> shaped) {
        if (allows(request, operation, group)) {
            ask(request, call, response -> request.respond(shaped.apply(response)));
        } else {
            request.fail(Errors.GROUP_AUTHORIZATION_FAILED);
        }
    }

    boolean allows(Request request, AclOperation operation, String group) {
        return host.access().allowsGroup(request, operation, group);
    }

    /** The topic that a request names, by id or by name; null where there is none. */
    @Nullable
    Topic topic(boolean byId, Uuid id, String name) {
        return byId ? host.context().topics().byId(id) : host.context().topics().byName(name);
    }

    /** Why the topic must not be touched; as in Kafka, who may not see a topic does not hear whether there is one. */
    Errors check(Request request, AclOperation operation, @Nullable Topic topic, boolean byId, String name) {
        if (topic == null && byId) {
            return Errors.UNKNOWN_TOPIC_ID;
        }
        if (!host.access().allowsTopic(request, operation, topic == null ? name : topic.name())) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return topic == null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.NONE;
    }

    /** Asks; what fails is answered as the request's error. */
    <T> void ask(Request request, Call<T> call, Consumer<T> then) {
        send(request, call).whenComplete((answer, error) -> {
            if (error != null) {
                request.fail(cause(error));
            } else {
                then.accept(answer);
            }
        });
    }

    /** Asks for a part of the answer; what fails is the error of that part. */
    <T> void askPart(Request request, Call<T> call, Consumer<T> then, Consumer<Errors> failed) {
        send(request, call).whenComplete((answer, error) -> {
            if (error != null) {
                failed.accept(Errors.forException(cause(error)));
            } else {
                then.accept(answer);
            }
        });
    }

    private <T> CompletionStage<T> send(Request request, Call<T> call) {
        RequestSource source = RequestSource.of(request, host.access().principal(request));
        return host.hop(host.coordinator().thenCompose(coordinator -> call.to(coordinator, source)));
    }

    static Throwable cause(Throwable error) {
        Throwable cause = error.getCause();
        return error instanceof CompletionException && cause != null ? cause(cause) : error;
    }
}
