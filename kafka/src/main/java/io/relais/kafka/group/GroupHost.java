// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.partition.TransactionGate;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicListener;
import io.relais.kafka.transaction.OffsetTransactions;
import io.relais.kafka.wire.ApiTable;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.server.share.persister.Persister;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds Kafka's group coordinator. It is built when a client first asks for a group, or when a topic with committed offsets may be gone: who speaks only AMQP does not pay for it.
 *
 * <p>Thread: the owner. The coordinator has threads of its own; what it answers comes back to the owner.
 */
public final class GroupHost implements OffsetTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(GroupHost.class);

    private final KafkaContext context;
    private final GroupSettings settings;
    private final GroupAccess access;
    private final Persister persister;
    private final TransactionGate gate;
    private final OffsetsTopic offsets;
    private final Map<String, Map<String, String>> groupConfigs = new HashMap<>();
    private @Nullable CompletableFuture<Coordinator> starting;

    /** The last update of topics; the next one waits for it. */
    private CompletionStage<?> updates = CompletableFuture.completedFuture(null);

    /**
     * @param persister where share groups keep their state
     * @param gate      asked before offsets are committed in a transaction
     */
    public GroupHost(KafkaContext context, GroupSettings settings, GroupAccess access, Persister persister,
            TransactionGate gate) {
        this.context = context;
        this.settings = settings;
        this.access = access;
        this.persister = persister;
        this.gate = gate;
        this.offsets = new OffsetsTopic(context.topics(), settings);
        context.topics().onChange(new TopicWatch());
    }

    /** Puts all handlers of groups into the table. */
    public void register(ApiTable apis) {
        GroupCalls calls = new GroupCalls(this);
        apis.on(ApiKeys.FIND_COORDINATOR, new FindCoordinatorApi(this)::handle);
        new ClassicGroupApi(calls).register(apis);
        new HeartbeatApi(calls).register(apis);
        new StreamsGroupApi(calls).register(apis);
        apis.on(ApiKeys.OFFSET_COMMIT, new CommitApi(calls)::handle);
        apis.on(ApiKeys.TXN_OFFSET_COMMIT, new TransactionalCommitApi(calls)::handle);
        apis.on(ApiKeys.OFFSET_FETCH, new OffsetFetchApi(calls)::handle);
        apis.on(ApiKeys.OFFSET_DELETE, new OffsetDeleteApi(calls)::handle);
        new GroupListApi(calls).register(apis);
        new GroupDescribeApi(calls).register(apis);
        new ShareOffsetsApi(calls).register(apis);
    }

    KafkaContext context() {
        return context;
    }

    GroupAccess access() {
        return access;
    }

    /** Whether the coordinator was built. */
    public boolean isStarted() {
        return starting != null;
    }

    /** The coordinator, with all partitions loaded. Completes on the owner thread. */
    CompletionStage<GroupCoordinator> coordinator() {
        return start().thenApply(Coordinator::service);
    }

    private CompletableFuture<Coordinator> start() {
        CompletableFuture<Coordinator> running = starting;
        if (running != null) {
            return running;
        }
        CompletionStage<Integer> ready = offsets.ready();
        List<ApiMessage> records = TopicImages.cluster(context.settings().nodeId());
        records.addAll(TopicImages.topics(context.topics().all(), context.settings().nodeId()));
        CompletableFuture<Coordinator> started = new CompletableFuture<>();
        starting = started; // from here on changes of topics are on their way to the coordinator
        ready.thenApplyAsync(partitions -> build(partitions, records), context.blocking())
                .thenCompose(coordinator -> coordinator.loaded().thenApply(loaded -> coordinator))
                .whenComplete((coordinator, error) -> context.owner()
                        .execute(() -> started(started, coordinator, error)));
        return started;
    }

    private Coordinator build(int partitions, List<ApiMessage> records) {
        Coordinator coordinator = Coordinator.build(context, settings, access, persister, offsets,
                new OffsetsPartitions(context.owner(), offsets, gate), partitions);
        coordinator.update(records);
        coordinator.elect();
        return coordinator;
    }

    private void started(CompletableFuture<Coordinator> started, @Nullable Coordinator coordinator,
            @Nullable Throwable error) {
        if (coordinator == null) {
            LOG.error("the group coordinator cannot be started", error);
            starting = null; // the next request tries again
            started.completeExceptionally(error == null ? new IllegalStateException("nothing was built") : error);
        } else {
            groupConfigs.forEach(coordinator::configure);
            started.complete(coordinator);
        }
    }

    /** Tells the coordinator of a change, after all earlier ones, off the owner: it waits there for what it writes. */
    private void change(List<ApiMessage> records) {
        CompletableFuture<Coordinator> running = starting;
        if (running != null) {
            updates = updates.thenCombine(running, (before, coordinator) -> coordinator)
                    .thenAcceptAsync(coordinator -> coordinator.update(records), context.blocking())
                    .exceptionally(e -> {
                        LOG.error("the group coordinator does not know of a change to topics", e);
                        return null;
                    });
        }
    }

    /** The partition of {@code __consumer_offsets} that holds a group. */
    @Override
    public int partitionFor(String groupId) {
        return Utils.abs(groupId.hashCode()) % offsets.partitions();
    }

    @Override
    public CompletionStage<Void> completeTransaction(int partition, long producerId, short producerEpoch,
            int coordinatorEpoch, boolean commit, short version) {
        return hop(coordinator().thenCompose(coordinator -> coordinator.completeTransaction(
                new TopicPartition(OffsetsTopic.NAME, partition), producerId, producerEpoch, coordinatorEpoch,
                commit ? TransactionResult.COMMIT : TransactionResult.ABORT, version)));
    }

    /** Brings an answer of the coordinator to the owner. */
    <T> CompletionStage<T> hop(CompletionStage<T> answer) {
        CompletableFuture<T> here = new CompletableFuture<>();
        answer.whenComplete((value, error) -> context.owner().execute(() -> {
            if (error != null) {
                here.completeExceptionally(error);
            } else {
                here.complete(value);
            }
        }));
        return here;
    }

    /** @throws org.apache.kafka.common.KafkaException where a name or a value is not one of a group's configuration */
    public void validateGroupConfig(Map<String, String> configs) {
        GroupConfig.validate(configs, settings.coordinator(), settings.share());
    }

    /** All that is configured of one group: the same map as long as it does not change. */
    public Map<String, String> groupConfig(String groupId) {
        return groupConfigs.getOrDefault(groupId, Map.of());
    }

    /** Sets all that is configured of one group (a configuration resource of type GROUP), in place of what was. */
    public void groupConfig(String groupId, Map<String, String> configs) {
        groupConfigs.put(groupId, Map.copyOf(configs));
        CompletableFuture<Coordinator> running = starting;
        if (running != null && running.isDone() && !running.isCompletedExceptionally()) {
            running.join().configure(groupId, configs);
        }
        if (configs.isEmpty()) {
            groupConfigs.remove(groupId);
        }
    }

    /** Stops the coordinator, off the owner; what waits for it is refused. Completes anywhere. The owner must still run. */
    public CompletionStage<@Nullable Void> close() {
        CompletableFuture<Coordinator> running = starting;
        if (running == null) {
            return CompletableFuture.completedFuture(null);
        }
        return running.thenApplyAsync(coordinator -> {
            coordinator.close();
            return null;
        }, context.blocking());
    }

    /** Keeps the coordinator's picture of the topics. */
    private final class TopicWatch implements TopicListener {

        @Override
        public void created(Topic topic) {
            change(TopicImages.created(topic, context.settings().nodeId()));
        }

        @Override
        public void grown(Topic topic, int before) {
            change(TopicImages.grown(topic, before, context.settings().nodeId()));
        }

        @Override
        public void configured(Topic topic) {}

        /** Offsets of a topic go with it: a new one of its name begins anew. */
        @Override
        public void deleted(Topic topic) {
            if (topic.name().equals(OffsetsTopic.NAME)) {
                close(); // all groups are gone; the next request begins anew
                starting = null;
                return;
            }
            if (starting == null && offsets.exists()) {
                start();
                change(TopicImages.created(topic, context.settings().nodeId())); // so that it can go
            }
            change(TopicImages.deleted(topic));
        }
    }
}
