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
import io.relais.kafka.admin.ApiVersionsApi;
import io.relais.kafka.admin.Volume;
import io.relais.kafka.clean.Cleaner;
import io.relais.kafka.group.GroupHost;
import io.relais.kafka.partition.Authorization;
import io.relais.kafka.partition.DeleteRecordsApi;
import io.relais.kafka.partition.DescribeProducersApi;
import io.relais.kafka.partition.FetchApi;
import io.relais.kafka.partition.ListOffsetsApi;
import io.relais.kafka.partition.OffsetForLeaderEpochApi;
import io.relais.kafka.partition.ProduceApi;
import io.relais.kafka.security.GroupAuthorization;
import io.relais.kafka.security.TransactionAuthorization;
import io.relais.kafka.share.ShareGroups;
import io.relais.kafka.share.ShareState;
import io.relais.kafka.transaction.Transactions;
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
        apis.on(ApiKeys.API_VERSIONS, new ApiVersionsApi(context, apis, parts.clients())::handle);
        Authorization authorization = context.access()::allowed;
        BrokerProperties properties = BrokerProperties.of(context.settings());
        Transactions transactions = new Transactions(properties.transactions(), context.topics(), context.metadata(),
                context.owner());
        transactions.register(apis, new TransactionAuthorization(context.access()));
        apis.on(ApiKeys.PRODUCE, new ProduceApi(context, transactions.gate(), authorization)::handle);
        apis.on(ApiKeys.FETCH, new FetchApi(context, authorization)::handle);
        apis.on(ApiKeys.LIST_OFFSETS, new ListOffsetsApi(context, authorization)::handle);
        ShareState shareState = new ShareState(context.topics(), context.owner());
        GroupAuthorization access = new GroupAuthorization(context.access());
        groups = new GroupHost(context, properties.groups(), access, shareState.persister(),
                transactions.gate());
        groups.register(apis);
        context.configs().onGroupChange(groups::groupConfig);
        transactions.offsets(groups);
        transactions.start();
        shareGroups = new ShareGroups(context, shareState, properties.groups(), groups::groupConfig,
                access);
        shareGroups.register(apis);
        apis.on(ApiKeys.OFFSET_FOR_LEADER_EPOCH, new OffsetForLeaderEpochApi(context, authorization)::handle);
        apis.on(ApiKeys.DELETE_RECORDS, new DeleteRecordsApi(context, authorization)::handle);
        apis.on(ApiKeys.DESCRIBE_PRODUCERS, new DescribeProducersApi(context, authorization)::handle);
        new AdminApis(parts).register(apis);
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
                        .start(BrokerProperties.of(settings).cleaner(), parts.context().topics(), metadata, owner,
                                blocking, random)
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
        return groups.close().thenComposeAsync(closed -> closePartitions(), context.owner()::execute);
    }

    private CompletionStage<Void> closePartitions() {
        return CompletableFuture.allOf(context.topics().all().stream().flatMap(topic -> topic.partitions().stream())
                .map(partition -> partition.close().toCompletableFuture()).toArray(CompletableFuture<?>[]::new));
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
