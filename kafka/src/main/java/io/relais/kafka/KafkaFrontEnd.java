// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.relais.broker.LocalBroker;
import io.relais.broker.runtime.Owner;
import io.relais.kafka.admin.AlterConfigsApi;
import io.relais.kafka.admin.ApiVersionsApi;
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
import io.relais.kafka.admin.Volume;
import io.relais.kafka.clean.CleanSettings;
import io.relais.kafka.clean.Cleaner;
import io.relais.kafka.group.GroupAccess;
import io.relais.kafka.group.GroupHost;
import io.relais.kafka.partition.Authorization;
import io.relais.kafka.partition.DeleteRecordsApi;
import io.relais.kafka.partition.DescribeProducersApi;
import io.relais.kafka.partition.FetchApi;
import io.relais.kafka.partition.ListOffsetsApi;
import io.relais.kafka.partition.OffsetForLeaderEpochApi;
import io.relais.kafka.partition.ProduceApi;
import io.relais.kafka.partition.TransactionGate;
import io.relais.kafka.quota.QuotaApi;
import io.relais.kafka.security.AclApi;
import io.relais.kafka.security.DelegationTokenApi;
import io.relais.kafka.security.ScramApi;
import io.relais.kafka.share.ShareGroups;
import io.relais.kafka.share.ShareState;
import io.relais.kafka.transaction.TransactionSettings;
import io.relais.kafka.transaction.Transactions;
import io.relais.kafka.wire.ApiHandler;
import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Connection;
import io.relais.kafka.wire.ConnectionListener;
import io.relais.kafka.wire.Quotas;
import io.relais.kafka.wire.Request;
import io.relais.log.LogStore;
import io.relais.log.metadata.MetadataStore;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The Kafka front end: serves the channels (sockets) that it is given.
 *
 * <p>Thread: {@link #attach} is for any; everything else for the owner.
 */
public final class KafkaFrontEnd {
    private final KafkaContext context;
    private final KafkaStart.Parts parts;
    private final EventExecutor ownerExecutor;
    private final ApiTable apis;
    private final GroupHost groups;
    private final ShareGroups shareGroups;
    private final Cleaner cleaner;

    private KafkaFrontEnd(KafkaStart.Parts parts, EventExecutor ownerExecutor, Cleaner cleaner) {
        this.cleaner = cleaner;
        this.context = parts.context();
        this.parts = parts;
        this.ownerExecutor = ownerExecutor;
        this.apis = new ApiTable(context.quotas()::timed);
        on(ApiKeys.API_VERSIONS, new ApiVersionsApi(apis, parts.clients())::handle);
        Transactions transactions = new Transactions(TransactionSettings.DEFAULT, context.topics(), context.metadata(),
                context.owner());
        transactions.register(apis);
        ShareState shareState = new ShareState(context.topics(), context.owner());
        groups = new GroupHost(context, context.settings().groups(), GroupAccess.OPEN, shareState.persister(),
                transactions.gate());
        groups.register(apis);
        shareGroups = new ShareGroups(context, shareState, context.settings().groups(), groups::groupConfig,
                GroupAccess.OPEN);
        shareGroups.register(apis);
        context.configs().onGroupChange(groups::groupConfig);
        transactions.offsets(groups);
        transactions.start();
        registerRecords(transactions.gate());
        registerTopics();
        registerConfigs();
        registerCluster();
        registerSecurity();
    }

    private void on(ApiKeys key, ApiHandler handler) {
        apis.on(key, handler);
    }

    private void registerRecords(TransactionGate gate) {
        on(ApiKeys.PRODUCE, new ProduceApi(context, gate, Authorization.OPEN)::handle);
        on(ApiKeys.FETCH, new FetchApi(context)::handle);
        on(ApiKeys.LIST_OFFSETS, new ListOffsetsApi(context)::handle);
        on(ApiKeys.OFFSET_FOR_LEADER_EPOCH, new OffsetForLeaderEpochApi(context)::handle);
        on(ApiKeys.DELETE_RECORDS, new DeleteRecordsApi(context)::handle);
        on(ApiKeys.DESCRIBE_PRODUCERS, new DescribeProducersApi(context)::handle);
    }

    private void registerTopics() {
        on(ApiKeys.METADATA, new MetadataApi(context)::handle);
        on(ApiKeys.CREATE_TOPICS, new CreateTopicsApi(context, new ConfigEntries(context.configs()))::handle);
        on(ApiKeys.DELETE_TOPICS, new DeleteTopicsApi(context)::handle);
        on(ApiKeys.CREATE_PARTITIONS, new CreatePartitionsApi(context)::handle);
        on(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, new DescribeTopicPartitionsApi(context)::handle);
        LogDirsApi logDirs = new LogDirsApi(context, parts.volume());
        on(ApiKeys.DESCRIBE_LOG_DIRS, logDirs::describe);
        on(ApiKeys.ALTER_REPLICA_LOG_DIRS, logDirs::alter);
    }

    private void registerConfigs() {
        on(ApiKeys.DESCRIBE_CONFIGS, new DescribeConfigsApi(context, new ConfigEntries(context.configs()))::handle);
        AlterConfigsApi alter = new AlterConfigsApi(context, context.configs());
        on(ApiKeys.INCREMENTAL_ALTER_CONFIGS, alter::incremental);
        on(ApiKeys.ALTER_CONFIGS, alter::replacing);
        on(ApiKeys.LIST_CONFIG_RESOURCES, new ListConfigResourcesApi(context, context.configs())::handle);
        QuotaApi quotas = new QuotaApi(context, parts.quotas());
        on(ApiKeys.DESCRIBE_CLIENT_QUOTAS, quotas::describe);
        on(ApiKeys.ALTER_CLIENT_QUOTAS, quotas::alter);
    }

    private void registerCluster() {
        on(ApiKeys.DESCRIBE_CLUSTER, new DescribeClusterApi(context)::handle);
        QuorumApi quorum = new QuorumApi(context);
        on(ApiKeys.DESCRIBE_QUORUM, quorum::describe);
        on(ApiKeys.UNREGISTER_BROKER, quorum::unregister);
        on(ApiKeys.UPDATE_FEATURES, new Features(context)::update);
        on(ApiKeys.ELECT_LEADERS, new ElectLeadersApi(context)::handle);
        ReassignmentsApi reassignments = new ReassignmentsApi(context);
        on(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, reassignments::alter);
        on(ApiKeys.LIST_PARTITION_REASSIGNMENTS, reassignments::list);
    }

    private void registerSecurity() {
        on(ApiKeys.SASL_HANDSHAKE, parts.sasl()::handshake);
        on(ApiKeys.SASL_AUTHENTICATE, parts.sasl()::authenticate);
        AclApi acls = new AclApi(context, parts.acls());
        on(ApiKeys.DESCRIBE_ACLS, acls::describe);
        on(ApiKeys.CREATE_ACLS, acls::create);
        on(ApiKeys.DELETE_ACLS, acls::delete);
        ScramApi scram = new ScramApi(context, parts.credentials());
        on(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, scram::describe);
        on(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, scram::alter);
        DelegationTokenApi tokens = new DelegationTokenApi(parts.clients());
        on(ApiKeys.CREATE_DELEGATION_TOKEN, tokens::handle);
        on(ApiKeys.RENEW_DELEGATION_TOKEN, tokens::handle);
        on(ApiKeys.EXPIRE_DELEGATION_TOKEN, tokens::handle);
        on(ApiKeys.DESCRIBE_DELEGATION_TOKEN, tokens::handle);
    }

    /**
     * Starts it on what the stores hold. Thread: any; completes on the owner thread, or fails where the storage cannot be read.
     *
     * @param ownerExecutor the event loop that is the owner's thread
     * @param blocking      where work that blocks is done
     * @param random        for ids of topics and members
     * @param volume        what the logs are on
     */
    public static CompletionStage<KafkaFrontEnd> start(LocalBroker broker, Owner owner, EventExecutor ownerExecutor,
            LogStore logs, MetadataStore metadata, Executor blocking, KafkaSettings settings,
            RandomGenerator random, Volume volume) {
        return new KafkaStart(broker, owner, logs, metadata, blocking, settings, random, volume).start()
                .thenCompose(parts -> Cleaner
                        .start(CleanSettings.DEFAULT, parts.context().topics(), metadata, owner, blocking, random)
                        .thenApply(cleaner -> new KafkaFrontEnd(parts, ownerExecutor, cleaner)));
    }

    /** As the other one, on a disk of which nothing is known. */
    public static CompletionStage<KafkaFrontEnd> start(LocalBroker broker, Owner owner, EventExecutor ownerExecutor,
            LogStore logs, MetadataStore metadata, Executor blocking, KafkaSettings settings,
            RandomGenerator random) {
        return start(broker, owner, ownerExecutor, logs, metadata, blocking, settings, random, Volume.UNKNOWN);
    }

    /** As {@link #attach(Channel, KafkaListener)}, for a listener of which nothing is configured. */
    public void attach(Channel channel) {
        attach(channel, KafkaListener.OPEN);
    }

    /** Serves a socket, from its first byte on. What must come before Kafka (TLS) is in its pipeline already. Thread: any. */
    @SuppressWarnings("deprecation") // handlers on another event loop than their socket's: Netty 4.2 discourages them, and offers nothing instead
    public void attach(Channel channel, KafkaListener listener) {
        channel.pipeline().addLast(ownerExecutor, "kafka",
                new Connection(apis, context.owner(), new Admission(listener, channel),
                        context.settings().requestMaxBytes()));
    }

    /** Groups of every kind. */
    public GroupHost groups() {
        return groups;
    }

    /** Closes all connections, for the end of the process. */
    public void closeAll() {
        cleaner.close();
        parts.clients().connections().forEach(Connection::close);
    }

    /** Closes all connections, and saves what a start would have to read the partitions for. Completes on any thread. */
    public CompletionStage<Void> close() {
        closeAll();
        return groups.close() // it writes its last records while partitions still take them
                .thenComposeAsync(done -> CompletableFuture.allOf(context.topics().all().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .map(partition -> partition.close().toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)), context.owner()::execute);
    }

    /** Keeps account of one connection, and decides what it may do. */
    private final class Admission implements ConnectionListener {
        private final KafkaListener listener;
        private final Channel channel;

        Admission(KafkaListener listener, Channel channel) {
            this.listener = listener;
            this.channel = channel;
        }

        @Override
        public void opened(Connection connection) {
            parts.clients().opened(connection, listener, channel);
            int quietMs = context.quotas().connectionMs(connection);
            if (quietMs > 0) {
                connection.pause();
                context.owner().schedule(quietMs, connection::resume);
            }
        }

        @Override
        public void closed(Connection connection) {
            parts.clients().closed(connection);
            shareGroups.closed(connection);
        }

        @Override
        public boolean admits(Request request) {
            return parts.sasl().admits(request);
        }

        @Override
        public boolean takes(Connection connection, ByteBuf frame) {
            return parts.sasl().takes(connection, frame);
        }

        @Override
        public Quotas quotas() {
            return context.quotas();
        }
    }
}
