// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.KafkaListener.Advertised;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourceType;

/** DescribeCluster: one broker, which is the controller too as far as clients see (KIP-919). */
public final class DescribeClusterApi {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final KafkaContext context;

    public DescribeClusterApi(KafkaContext context) {
        this.context = context;
    }

    public void handle(Request request) {
        DescribeClusterRequestData data = request.data(DescribeClusterRequestData.class);
        if (data.endpointType() != BROKERS) {
            request.respond(refusal(request, data.endpointType()));
            return;
        }
        Advertised here = context.endpoints().of(request);
        DescribeClusterResponseData response = new DescribeClusterResponseData().setClusterId(context.clusterId())
                .setControllerId(context.settings().nodeId()).setEndpointType(BROKERS);
        response.brokers().add(new DescribeClusterBroker().setBrokerId(context.settings().nodeId()).setHost(here.host())
                .setPort(here.port()));
        if (data.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(
                    context.access().allowedOnCluster(request, AclOperation.DESCRIBE)
                            ? context.access().operations(request, ResourceType.CLUSTER, Resource.CLUSTER_NAME)
                            : 0);
        }
        request.respond(response);
    }

    private static DescribeClusterResponseData refusal(Request request, byte type) {
        Errors error = type == CONTROLLERS ? Errors.MISMATCHED_ENDPOINT_TYPE : Errors.UNSUPPORTED_ENDPOINT_TYPE;
        return new DescribeClusterResponseData()
                .setErrorCode((request.version() == 0 ? Errors.INVALID_REQUEST : error).code())
                .setErrorMessage(type == CONTROLLERS
                        ? "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER"
                        : "Unsupported endpoint type " + type);
    }
}
