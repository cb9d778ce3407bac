// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

import io.relais.broker.LocalBroker;
import io.relais.broker.MetadataWriter;
import io.relais.broker.runtime.Owner;
import io.relais.broker.security.User;
import io.relais.kafka.admin.BrokerConfigs;
import io.relais.kafka.admin.ConfigRecord;
import io.relais.kafka.admin.DynamicConfigs;
import io.relais.kafka.admin.Endpoints;
import io.relais.kafka.admin.Volume;
import io.relais.kafka.group.GroupSettings;
import io.relais.kafka.metadata.RecordMap;
import io.relais.kafka.quota.ClientQuotas;
import io.relais.kafka.quota.QuotaRecord;
import io.relais.kafka.quota.QuotaStore;
import io.relais.kafka.security.Access;
import io.relais.kafka.security.AclRecord;
import io.relais.kafka.security.Acls;
import io.relais.kafka.security.Clients;
import io.relais.kafka.security.Sasl;
import io.relais.kafka.security.ScramCredentials;
import io.relais.kafka.security.ScramRecord;
import io.relais.kafka.topic.Topics;
import io.relais.log.LogStore;
import io.relais.log.metadata.MetadataStore;
import org.apache.kafka.common.Uuid;

/** Reads what the front end keeps in the metadata, and puts its parts together. */
final class KafkaStart {
    private static final String CLUSTER_ID = "/kafka/cluster-id";
    private static final String ADMINISTRATOR = "administrator";

    private final LocalBroker broker;
    private final Owner owner;
    private final LogStore logs;
    private final MetadataStore metadata;
    private final Executor blocking;
    private final KafkaSettings settings;
    private final RandomGenerator random;
    private final Volume volume;
    private final MetadataWriter writer;

    KafkaStart(LocalBroker broker, Owner owner, LogStore logs, MetadataStore metadata, Executor blocking,
            KafkaSettings settings, RandomGenerator random, Volume volume) {
        this.broker = broker;
        this.owner = owner;
        this.logs = logs;
        this.metadata = metadata;
        this.blocking = blocking;
        this.settings = settings;
        this.random = random;
        this.volume = volume;
        this.writer = new MetadataWriter(metadata, owner::execute,
                why -> broker.alarms().raise("kafka metadata", why));
    }

    /** The parts: what all of them share, and what only those of one kind need. */
    record Parts(KafkaContext context, Clients clients, Sasl sasl, Acls acls, ScramCredentials credentials,
            QuotaStore quotas, Volume volume) {}

    /** Completes on the owner thread. */
    CompletionStage<Parts> start() {
        CompletableFuture<String> id = clusterId().toCompletableFuture();
        CompletableFuture<Topics> topics = Topics.load(owner, logs, metadata, writer, random).toCompletableFuture();
        CompletableFuture<RecordMap<ConfigRecord>> configs = records("configs", ConfigRecord.class);
        CompletableFuture<RecordMap<AclRecord>> acls = records("acls", AclRecord.class);
        CompletableFuture<RecordMap<ScramRecord>> scram = records("scram", ScramRecord.class);
        CompletableFuture<RecordMap<QuotaRecord>> quotas = records("quotas", QuotaRecord.class);
        return CompletableFuture.allOf(id, topics, configs, acls, scram, quotas)
                .thenApplyAsync(read -> parts(id.join(), topics.join(), configs.join(), acls.join(), scram.join(),
                        quotas.join()), owner::execute);
    }

    private <V> CompletableFuture<RecordMap<V>> records(String kind, Class<V> type) {
        return RecordMap.load("/kafka/" + kind + "/", type, metadata, writer).toCompletableFuture();
    }

    private CompletionStage<String> clusterId() {
        String fresh = new Uuid(random.nextLong() & Long.MAX_VALUE, random.nextLong()).toString();
        return metadata.get(CLUSTER_ID)
                .thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(new String(found.get().value(), StandardCharsets.UTF_8))
                        : metadata.put(CLUSTER_ID, fresh.getBytes(StandardCharsets.UTF_8), MetadataStore.ANY)
                                .thenApply(written -> fresh));
    }

    private Parts parts(String clusterId, Topics topics, RecordMap<ConfigRecord> configRecords,
            RecordMap<AclRecord> aclRecords, RecordMap<ScramRecord> scramRecords, RecordMap<QuotaRecord> quotaRecords) {
        Clients clients = new Clients(settings.requestMaxBytes());
        Acls acls = new Acls(aclRecords, random, settings.strictAcls());
        Access access = new Access(clients, acls, this::isAdministrator);
        QuotaStore quotas = new QuotaStore(quotaRecords);
        DynamicConfigs configs = new DynamicConfigs(configRecords, topics, new BrokerConfigs(atStart()),
                settings.nodeId());
        ScramCredentials credentials = new ScramCredentials(scramRecords, broker::user);
        Sasl sasl = new Sasl(owner, broker, clients, credentials, settings.sasl());
        KafkaContext context = new KafkaContext(settings, clusterId, owner, blocking, logs, metadata, broker, topics,
                new Endpoints(clients), access, configs, new ClientQuotas(quotas, access, owner.clock()));
        return new Parts(context, clients, sasl, acls, credentials, quotas, volume);
    }

    private Map<String, String> atStart() {
        Map<String, String> configs = new HashMap<>(GroupSettings.DEFAULT.values());
        configs.putAll(settings.configs());
        return configs;
    }

    private boolean isAdministrator(String name) {
        User user = broker.user(name);
        return user != null && user.tags().contains(ADMINISTRATOR);
    }
}
