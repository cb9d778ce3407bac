// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.util.LinkedHashMap;
import java.util.Map;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.admin.Answers;
import io.relais.kafka.wire.Request;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialDeletion;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** DescribeUserScramCredentials and AlterUserScramCredentials (KIP-554). One alteration for each user and request. */
public final class ScramApi {
    private static final int ITERATIONS_MAX = 16_384;

    private final KafkaContext context;
    private final ScramCredentials credentials;

    public ScramApi(KafkaContext context, ScramCredentials credentials) {
        this.context = context;
        this.credentials = credentials;
    }

    public void describe(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.DESCRIBE)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        request.respond(
                credentials.image().describe(request.data(DescribeUserScramCredentialsRequestData.class)));
    }

    public void alter(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.ALTER)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        AlterUserScramCredentialsRequestData data = request.data(AlterUserScramCredentialsRequestData.class);
        AlterUserScramCredentialsResponseData response = new AlterUserScramCredentialsResponseData();
        alterations(data).forEach((user, alteration) -> {
            ApiError error = alteration.run();
            response.results().add(new AlterUserScramCredentialsResult().setUser(user)
                    .setErrorCode(error.error().code()).setErrorMessage(error.isFailure() ? error.message() : null));
        });
        Answers.whenDurable(context, request, response);
    }

    /** One change of one user. */
    private interface Alteration {
        ApiError run();
    }

    private Map<String, Alteration> alterations(AlterUserScramCredentialsRequestData data) {
        Map<String, Alteration> byUser = new LinkedHashMap<>();
        for (ScramCredentialDeletion deletion : data.deletions()) {
            add(byUser, deletion.name(), () -> delete(deletion));
        }
        for (ScramCredentialUpsertion upsertion : data.upsertions()) {
            add(byUser, upsertion.name(), () -> put(upsertion));
        }
        return byUser;
    }

    private static void add(Map<String, Alteration> byUser, String user, Alteration alteration) {
        byUser.merge(user, alteration, (first, second) -> () -> new ApiError(Errors.DUPLICATE_RESOURCE,
                "A user credential cannot be altered twice in the same request"));
    }

    private ApiError delete(ScramCredentialDeletion deletion) {
        ScramMechanism mechanism = ScramMechanism.fromType(deletion.mechanism());
        ApiError error = check(deletion.name(), mechanism);
        if (error.isFailure()) {
            return error;
        }
        if (!credentials.has(deletion.name(), mechanism)) {
            return new ApiError(Errors.RESOURCE_NOT_FOUND, "Attempt to delete a user credential that does not exist");
        }
        credentials.remove(deletion.name(), mechanism);
        return ApiError.NONE;
    }

    private ApiError put(ScramCredentialUpsertion upsertion) {
        ScramMechanism mechanism = ScramMechanism.fromType(upsertion.mechanism());
        ApiError error = check(upsertion.name(), mechanism);
        if (error.isFailure()) {
            return error;
        }
        int iterationsMin = org.apache.kafka.common.security.scram.internals.ScramMechanism
                .forMechanismName(mechanism.mechanismName()).minIterations();
        if (upsertion.iterations() < iterationsMin) {
            return new ApiError(Errors.UNACCEPTABLE_CREDENTIAL, "Too few iterations");
        }
        if (upsertion.iterations() > ITERATIONS_MAX) {
            return new ApiError(Errors.UNACCEPTABLE_CREDENTIAL, "Too many iterations");
        }
        try {
            credentials.put(upsertion);
            return ApiError.NONE;
        } catch (ApiException e) {
            return ApiError.fromThrowable(e);
        }
    }

    private static ApiError check(String user, ScramMechanism mechanism) {
        if (user.isEmpty()) {
            return new ApiError(Errors.UNACCEPTABLE_CREDENTIAL, "Username must not be empty");
        }
        return mechanism == ScramMechanism.UNKNOWN
                ? new ApiError(Errors.UNSUPPORTED_SASL_MECHANISM, "Unknown SCRAM mechanism")
                : ApiError.NONE;
    }
}
