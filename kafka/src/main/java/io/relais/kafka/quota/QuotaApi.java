// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.quota;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.admin.Answers;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntityData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.server.config.QuotaConfig;
import org.jspecify.annotations.Nullable;

/** DescribeClientQuotas and AlterClientQuotas (KIP-546). */
public final class QuotaApi {
    private final KafkaContext context;
    private final QuotaStore store;

    public QuotaApi(KafkaContext context, QuotaStore store) {
        this.context = context;
        this.store = store;
    }

    public void describe(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.DESCRIBE_CONFIGS)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        DescribeClientQuotasResponseData response = store.image()
                .describe(request.data(DescribeClientQuotasRequestData.class));
        request.respond(response);
    }

    public void alter(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.ALTER_CONFIGS)) {
            request.fail(Errors.CLUSTER_AUTHORIZATION_FAILED);
            return;
        }
        AlterClientQuotasRequestData data = request.data(AlterClientQuotasRequestData.class);
        AlterClientQuotasResponseData response = new AlterClientQuotasResponseData();
        Set<Map<String, @Nullable String>> seen = new HashSet<>();
        for (EntryData entry : data.entries()) {
            ApiError error = alter(entry, data.validateOnly(), seen);
            AlterClientQuotasResponseData.EntryData answer = new AlterClientQuotasResponseData.EntryData()
                    .setErrorCode(error.error().code()).setErrorMessage(error.isFailure() ? error.message() : null);
            entry.entity().forEach(each -> answer.entity().add(new AlterClientQuotasResponseData.EntityData()
                    .setEntityType(each.entityType()).setEntityName(each.entityName())));
            response.entries().add(answer);
        }
        Answers.whenDurable(context, request, response);
    }

    private ApiError alter(EntryData entry, boolean validateOnly, Set<Map<String, @Nullable String>> seen) {
        try {
            Map<String, @Nullable String> entity = entity(entry);
            if (!seen.add(entity)) {
                throw new InvalidRequestException("Ignoring duplicate entity " + new ClientQuotaEntity(entity));
            }
            Map<String, Double> limits = changed(store.of(entity), entry, keys(entity));
            if (!validateOnly) {
                store.put(entity, limits);
            }
            return ApiError.NONE;
        } catch (ApiException e) {
            return ApiError.fromThrowable(e);
        }
    }

    private static Map<String, @Nullable String> entity(EntryData entry) {
        Map<String, @Nullable String> entity = new HashMap<>();
        for (EntityData each : entry.entity()) {
            if (!ClientQuotaEntity.isValidEntityType(each.entityType())) {
                throw new InvalidRequestException("Unhandled client quota entity type: " + each.entityType());
            }
            if (entity.containsKey(each.entityType())) {
                throw new InvalidRequestException(
                        "Invalid client quota entity, duplicate entity entry " + each.entityType());
            }
            if (each.entityName() != null && each.entityName().isEmpty()) {
                throw new InvalidRequestException("Empty " + each.entityType() + " not supported");
            }
            entity.put(each.entityType(), each.entityName());
        }
        if (entity.isEmpty()) {
            throw new InvalidRequestException("Invalid empty client quota entity");
        }
        return entity;
    }

    private static Map<String, ConfigKey> keys(Map<String, @Nullable String> entity) {
        if (!entity.containsKey(ClientQuotaEntity.IP)) {
            return QuotaConfig.userAndClientQuotaConfigs().configKeys();
        }
        if (entity.size() > 1) {
            throw new InvalidRequestException(
                    "Invalid quota entity combination, IP entity should not be combined with User or ClientId");
        }
        String address = entity.get(ClientQuotaEntity.IP);
        if (address != null && !isAddress(address)) {
            throw new InvalidRequestException(address + " is not a valid IP or resolvable host.");
        }
        return QuotaConfig.ipConfigs().configKeys();
    }

    /** Addresses only: a name would have to be looked up, which blocks. */
    private static boolean isAddress(String text) {
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static Map<String, Double> changed(Map<String, Double> before, EntryData entry,
            Map<String, ConfigKey> keys) {
        Map<String, Double> limits = new HashMap<>(before);
        Set<String> names = new HashSet<>();
        for (OpData operation : entry.ops()) {
            if (!names.add(operation.key())) {
                throw new InvalidRequestException("Duplicate quota key " + operation.key());
            }
            if (operation.remove()) {
                limits.remove(operation.key());
            } else {
                check(keys.get(operation.key()), operation);
                limits.put(operation.key(), operation.value());
            }
        }
        return limits;
    }

    private static void check(@Nullable ConfigKey key, OpData operation) {
        if (key == null) {
            throw new InvalidRequestException("Invalid configuration key " + operation.key());
        }
        double value = operation.value();
        if (!(value > 0)) {
            throw new InvalidRequestException("Quota " + operation.key() + " must be greater than 0");
        }
        if (key.type() != ConfigDef.Type.DOUBLE) {
            double max = key.type() == ConfigDef.Type.INT ? Integer.MAX_VALUE : Long.MAX_VALUE;
            if (value > max) {
                throw new InvalidRequestException(
                        "Proposed value for " + operation.key() + " is too large for " + key.type() + ".");
            }
            if (value % 1.0 > 1e-6) {
                throw new InvalidRequestException(operation.key() + " cannot be a fractional value.");
            }
        }
    }
}
