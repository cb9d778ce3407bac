// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.relais.broker.LocalBroker;
import io.relais.broker.MetadataWriter;
import io.relais.broker.runtime.Owner;
import io.relais.kafka.admin.ApiVersionsApi;
import io.relais.kafka.admin.Endpoints;
import io.relais.kafka.admin.MetadataApi;
import io.relais.kafka.group.GroupAccess;
import io.relais.kafka.group.GroupHost;
import io.relais.kafka.group.GroupSettings;
import io.relais.kafka.partition.Authorization;
import io.relais.kafka.partition.DeleteRecordsApi;
import io.relais.kafka.partition.DescribeProducersApi;
import io.relais.kafka.partition.FetchApi;
import io.relais.kafka.partition.ListOffsetsApi;
import io.relais.kafka.partition.OffsetForLeaderEpochApi;
import io.relais.kafka.partition.ProduceApi;
import io.relais.kafka.security.Clients;
import io.relais.kafka.share.ShareGroups;
import io.relais.kafka.share.ShareState;
import io.relais.kafka.topic.Topics;
import io.relais.kafka.transaction.TransactionSettings;
import io.relais.kafka.transaction.Transactions;
import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Connection;
import io.relais.kafka.wire.ConnectionListener;
import io.relais.kafka.wire.Request;
import io.relais.log.LogStore;
import io.relais.log.metadata.MetadataStore;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The Kafka front end: serves the channels (sockets) that it is given.
 *
 * <p>Thread: {@link #attach} is for any; everything else for the owner.
 */
public final class KafkaFrontEnd {
    private static final String CLUSTER_ID = "/kafka/cluster-id";

    private final KafkaContext context;
    private final EventExecutor ownerExecutor;
    private final ApiTable apis = new ApiTable();
    private final GroupHost groups;
    private final ShareGroups shareGroups;
    private final Clients clients;

    private KafkaFrontEnd(KafkaContext context, Clients clients, EventExecutor ownerExecutor) {
        this.context = context;
        this.clients = clients;
        this.ownerExecutor = ownerExecutor;
        apis.on(ApiKeys.API_VERSIONS, new ApiVersionsApi(apis)::handle);
        apis.on(ApiKeys.METADATA, new MetadataApi(context)::handle);
        Transactions transactions = new Transactions(TransactionSettings.DEFAULT, context.topics(), context.metadata(),
                context.owner());
        transactions.register(apis);
        apis.on(ApiKeys.PRODUCE, new ProduceApi(context, transactions.gate(), Authorization.OPEN)::handle);
        apis.on(ApiKeys.FETCH, new FetchApi(context)::handle);
        apis.on(ApiKeys.LIST_OFFSETS, new ListOffsetsApi(context)::handle);
        ShareState shareState = new ShareState(context.topics(), context.owner());
        groups = new GroupHost(context, GroupSettings.DEFAULT, GroupAccess.OPEN, shareState.persister(),
                transactions.gate());
        groups.register(apis);
        transactions.offsets(groups);
        transactions.start();
        shareGroups = new ShareGroups(context, shareState, GroupSettings.DEFAULT, groups::groupConfig,
                GroupAccess.OPEN);
        shareGroups.register(apis);
        apis.on(ApiKeys.OFFSET_FOR_LEADER_EPOCH, new OffsetForLeaderEpochApi(context)::handle);
        apis.on(ApiKeys.DELETE_RECORDS, new DeleteRecordsApi(context)::handle);
        apis.on(ApiKeys.DESCRIBE_PRODUCERS, new DescribeProducersApi(context)::handle);
    }

    /**
     * Starts it on what the stores hold. Thread: any; completes on the owner thread, or fails where the storage cannot be read.
     *
     * @param ownerExecutor the event loop that is the owner's thread
     * @param blocking      where work that blocks is done
     * @param random        for ids of topics and members
     */
    public static CompletionStage<KafkaFrontEnd> start(LocalBroker broker, Owner owner, EventExecutor ownerExecutor,
            LogStore logs, MetadataStore metadata, Executor blocking, KafkaSettings settings,
            RandomGenerator random) {
        MetadataWriter writer = new MetadataWriter(metadata, owner::execute,
                why -> broker.alarms().raise("kafka metadata", why));
        Clients clients = new Clients();
        Endpoints endpoints = new Endpoints(clients);
        return clusterId(metadata, random)
                .thenCombine(Topics.load(owner, logs, metadata, writer, random),
                        (id, topics) -> new KafkaContext(settings, id, owner, blocking, logs, metadata, broker,
                                topics, endpoints))
                .thenApplyAsync(context -> new KafkaFrontEnd(context, clients, ownerExecutor), owner::execute);
    }

    private static CompletionStage<String> clusterId(MetadataStore metadata, RandomGenerator random) {
        String fresh = new Uuid(random.nextLong() & Long.MAX_VALUE, random.nextLong()).toString();
        return metadata.get(CLUSTER_ID)
                .thenCompose(found -> found.isPresent()
                        ? java.util.concurrent.CompletableFuture.completedFuture(
                                new String(found.get().value(), StandardCharsets.UTF_8))
                        : metadata.put(CLUSTER_ID, fresh.getBytes(StandardCharsets.UTF_8), MetadataStore.ANY)
                                .thenApply(written -> fresh));
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
        clients.connections().forEach(Connection::close);
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
            clients.opened(connection, listener, channel);
        }

        @Override
        public void closed(Connection connection) {
            clients.closed(connection);
            shareGroups.closed(connection);
        }

        @Override
        public boolean admits(Request request) {
            return true;
        }
    }
}
