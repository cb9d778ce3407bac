// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import io.relais.kafka.KafkaListener.Advertised;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/** FindCoordinator: of groups, transactions and share groups' state. It is always this broker; asking for a group's begins to load the groups. */
final class FindCoordinatorApi {
    private static final short WITH_SHARE = 6;

    private final GroupHost host;

    FindCoordinatorApi(GroupHost host) {
        this.host = host;
    }

    void handle(Request request) {
        FindCoordinatorRequestData data = request.data(FindCoordinatorRequestData.class);
        CoordinatorType type;
        try {
            type = CoordinatorType.forId(data.keyType());
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("key type " + data.keyType() + " is not one", e);
        }
        Node here = here(request);
        if (request.version() < FindCoordinatorRequest.MIN_BATCHED_VERSION) {
            Errors refused = check(request, type, data.key());
            request.respond(FindCoordinatorResponse
                    .prepareOldResponse(refused, refused == Errors.NONE ? here : Node.noNode()).data());
            return;
        }
        FindCoordinatorResponseData response = new FindCoordinatorResponseData();
        for (String key : data.coordinatorKeys()) {
            Errors refused = check(request, type, key);
            response.coordinators().add(FindCoordinatorResponse.prepareCoordinatorResponse(refused, key,
                    refused == Errors.NONE ? here : Node.noNode()));
        }
        request.respond(response);
    }

    private Node here(Request request) {
        Advertised advertised = host.context().endpoints().of(request);
        return new Node(host.context().settings().nodeId(), advertised.host(), advertised.port());
    }

    private Errors check(Request request, CoordinatorType type, String key) {
        return switch (type) {
            case GROUP -> {
                if (!host.access().allowsGroup(request, AclOperation.DESCRIBE, key)) {
                    yield Errors.GROUP_AUTHORIZATION_FAILED;
                }
                host.coordinator();
                yield Errors.NONE;
            }
            case TRANSACTION -> host.access().allows(request, AclOperation.DESCRIBE, ResourceType.TRANSACTIONAL_ID,
                    key) ? Errors.NONE : Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
            case SHARE -> {
                if (request.version() < WITH_SHARE || !isSharePartition(key)) {
                    yield Errors.INVALID_REQUEST;
                }
                yield host.access().allows(request, AclOperation.CLUSTER_ACTION, ResourceType.CLUSTER,
                        Resource.CLUSTER_NAME) ? Errors.NONE : Errors.CLUSTER_AUTHORIZATION_FAILED;
            }
        };
    }

    /** {@code group:topicId:partition} (KIP-932). */
    private static boolean isSharePartition(String key) {
        int partition = key.lastIndexOf(':');
        int topic = partition < 0 ? -1 : key.lastIndexOf(':', partition - 1);
        if (topic <= 0) {
            return false;
        }
        try {
            Uuid.fromString(key.substring(topic + 1, partition));
            return Integer.parseInt(key.substring(partition + 1)) >= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
