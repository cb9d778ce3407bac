// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import java.util.concurrent.Executor;

import io.relais.broker.LocalBroker;
import io.relais.broker.runtime.Owner;
import io.relais.kafka.admin.DynamicConfigs;
import io.relais.kafka.admin.Endpoints;
import io.relais.kafka.quota.ClientQuotas;
import io.relais.kafka.security.Access;
import io.relais.kafka.topic.Topics;
import io.relais.log.LogStore;
import io.relais.log.metadata.MetadataStore;

/**
 * What the parts of the front end share.
 *
 * @param clusterId 22 characters, the same for the life of a data folder
 * @param blocking  where work that blocks is done
 * @param broker    for users, permissions and alarms
 * @param endpoints where clients are told to find the broker
 * @param access    what a client may do
 * @param configs   what was configured while the broker ran
 * @param quotas    how much a client may do
 */
public record KafkaContext(KafkaSettings settings, String clusterId, Owner owner, Executor blocking, LogStore logs,
        MetadataStore metadata, LocalBroker broker, Topics topics, Endpoints endpoints, Access access,
        DynamicConfigs configs, ClientQuotas quotas) {}
