// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import io.relais.kafka.admin.AlterConfigsApi;
import io.relais.kafka.admin.ConfigEntries;
import io.relais.kafka.admin.CreatePartitionsApi;
import io.relais.kafka.admin.CreateTopicsApi;
import io.relais.kafka.admin.DeleteTopicsApi;
import io.relais.kafka.admin.DescribeClusterApi;
import io.relais.kafka.admin.DescribeConfigsApi;
import io.relais.kafka.admin.DescribeTopicPartitionsApi;
import io.relais.kafka.admin.ElectLeadersApi;
import io.relais.kafka.admin.Features;
import io.relais.kafka.admin.ListConfigResourcesApi;
import io.relais.kafka.admin.LogDirsApi;
import io.relais.kafka.admin.MetadataApi;
import io.relais.kafka.admin.QuorumApi;
import io.relais.kafka.admin.ReassignmentsApi;
import io.relais.kafka.quota.QuotaApi;
import io.relais.kafka.security.AclApi;
import io.relais.kafka.security.DelegationTokenApi;
import io.relais.kafka.security.ScramApi;
import io.relais.kafka.wire.ApiTable;
import org.apache.kafka.common.protocol.ApiKeys;

/** The requests about topics, configurations, the cluster and who may use it. */
final class AdminApis {
    private final KafkaContext context;
    private final KafkaStart.Parts parts;

    AdminApis(KafkaStart.Parts parts) {
        this.context = parts.context();
        this.parts = parts;
    }

    void register(ApiTable apis) {
        registerTopics(apis);
        registerConfigs(apis);
        registerCluster(apis);
        registerSecurity(apis);
    }

    private void registerTopics(ApiTable apis) {
        apis.on(ApiKeys.METADATA, new MetadataApi(context)::handle);
        apis.on(ApiKeys.CREATE_TOPICS, new CreateTopicsApi(context, new ConfigEntries(context.configs()))::handle);
        apis.on(ApiKeys.DELETE_TOPICS, new DeleteTopicsApi(context)::handle);
        apis.on(ApiKeys.CREATE_PARTITIONS, new CreatePartitionsApi(context)::handle);
        apis.on(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, new DescribeTopicPartitionsApi(context)::handle);
        LogDirsApi logDirs = new LogDirsApi(context, parts.volume());
        apis.on(ApiKeys.DESCRIBE_LOG_DIRS, logDirs::describe);
        apis.on(ApiKeys.ALTER_REPLICA_LOG_DIRS, logDirs::alter);
    }

    private void registerConfigs(ApiTable apis) {
        apis.on(ApiKeys.DESCRIBE_CONFIGS,
                new DescribeConfigsApi(context, new ConfigEntries(context.configs()))::handle);
        AlterConfigsApi alter = new AlterConfigsApi(context, context.configs());
        apis.on(ApiKeys.INCREMENTAL_ALTER_CONFIGS, alter::incremental);
        apis.on(ApiKeys.ALTER_CONFIGS, alter::replacing);
        apis.on(ApiKeys.LIST_CONFIG_RESOURCES, new ListConfigResourcesApi(context, context.configs())::handle);
        QuotaApi quotas = new QuotaApi(context, parts.quotas());
        apis.on(ApiKeys.DESCRIBE_CLIENT_QUOTAS, quotas::describe);
        apis.on(ApiKeys.ALTER_CLIENT_QUOTAS, quotas::alter);
    }

    private void registerCluster(ApiTable apis) {
        apis.on(ApiKeys.DESCRIBE_CLUSTER, new DescribeClusterApi(context)::handle);
        QuorumApi quorum = new QuorumApi(context);
        apis.on(ApiKeys.DESCRIBE_QUORUM, quorum::describe);
        apis.on(ApiKeys.UNREGISTER_BROKER, quorum::unregister);
        apis.on(ApiKeys.UPDATE_FEATURES, new Features(context)::update);
        apis.on(ApiKeys.ELECT_LEADERS, new ElectLeadersApi(context)::handle);
        ReassignmentsApi reassignments = new ReassignmentsApi(context);
        apis.on(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, reassignments::alter);
        apis.on(ApiKeys.LIST_PARTITION_REASSIGNMENTS, reassignments::list);
    }

    private void registerSecurity(ApiTable apis) {
        apis.on(ApiKeys.SASL_HANDSHAKE, parts.sasl()::handshake);
        apis.on(ApiKeys.SASL_AUTHENTICATE, parts.sasl()::authenticate);
        AclApi acls = new AclApi(context, parts.acls());
        apis.on(ApiKeys.DESCRIBE_ACLS, acls::describe);
        apis.on(ApiKeys.CREATE_ACLS, acls::create);
        apis.on(ApiKeys.DELETE_ACLS, acls::delete);
        ScramApi scram = new ScramApi(context, parts.credentials());
        apis.on(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, scram::describe);
        apis.on(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, scram::alter);
        DelegationTokenApi tokens = new DelegationTokenApi(parts.clients());
        apis.on(ApiKeys.CREATE_DELEGATION_TOKEN, tokens::handle);
        apis.on(ApiKeys.RENEW_DELEGATION_TOKEN, tokens::handle);
        apis.on(ApiKeys.EXPIRE_DELEGATION_TOKEN, tokens::handle);
        apis.on(ApiKeys.DESCRIBE_DELEGATION_TOKEN, tokens::handle);
    }
}
