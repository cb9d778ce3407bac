// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.util.List;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.admin.Answers;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreateAclsRequest;
import org.apache.kafka.common.requests.DeleteAclsRequest;
import org.apache.kafka.common.requests.DeleteAclsResponse;
import org.apache.kafka.common.requests.DescribeAclsRequest;
import org.apache.kafka.common.requests.DescribeAclsResponse;

/** DescribeAcls, CreateAcls, DeleteAcls (KIP-140). */
public final class AclApi {
    private final KafkaContext context;
    private final Acls acls;

    public AclApi(KafkaContext context, Acls acls) {
        this.context = context;
        this.acls = acls;
    }

    public void describe(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.DESCRIBE)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        AclBindingFilter filter = ((DescribeAclsRequest) request.body()).filter();
        request.respond(new DescribeAclsResponseData()
                .setResources(DescribeAclsResponse.aclsResources(acls.matching(filter))));
    }

    public void create(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.ALTER)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        CreateAclsResponseData response = new CreateAclsResponseData();
        ((CreateAclsRequest) request.body()).aclCreations().forEach(each -> response.results().add(create(each)));
        Answers.whenDurable(context, request, response);
    }

    private AclCreationResult create(AclCreation wanted) {
        AclCreationResult result = new AclCreationResult();
        try {
            acls.create(CreateAclsRequest.aclBinding(wanted));
        } catch (ApiException e) {
            ApiError error = ApiError.fromThrowable(e);
            result.setErrorCode(error.error().code()).setErrorMessage(error.message());
        }
        return result;
    }

    public void delete(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.ALTER)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        DeleteAclsResponseData response = new DeleteAclsResponseData();
        List<AclBindingFilter> filters = ((DeleteAclsRequest) request.body()).filters();
        filters.forEach(each -> response.filterResults().add(delete(each)));
        Answers.whenDurable(context, request, response);
    }

    private DeleteAclsFilterResult delete(AclBindingFilter filter) {
        DeleteAclsFilterResult result = new DeleteAclsFilterResult();
        try {
            acls.delete(filter).forEach(
                    binding -> result.matchingAcls().add(DeleteAclsResponse.matchingAcl(binding, ApiError.NONE)));
        } catch (ApiException e) {
            ApiError error = ApiError.fromThrowable(e);
            result.setErrorCode(error.error().code()).setErrorMessage(error.message());
        }
        return result;
    }
}
