// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.Topics;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.share.persister.DeleteShareGroupStateParameters;
import org.apache.kafka.server.share.persister.DeleteShareGroupStateResult;
import org.apache.kafka.server.share.persister.GroupTopicPartitionData;
import org.apache.kafka.server.share.persister.InitializeShareGroupStateParameters;
import org.apache.kafka.server.share.persister.InitializeShareGroupStateResult;
import org.apache.kafka.server.share.persister.PartitionAllData;
import org.apache.kafka.server.share.persister.PartitionErrorData;
import org.apache.kafka.server.share.persister.PartitionFactory;
import org.apache.kafka.server.share.persister.PartitionIdData;
import org.apache.kafka.server.share.persister.PartitionInfoData;
import org.apache.kafka.server.share.persister.PartitionStateSummaryData;
import org.apache.kafka.server.share.persister.Persister;
import org.apache.kafka.server.share.persister.PersisterStateBatch;
import org.apache.kafka.server.share.persister.ReadShareGroupStateParameters;
import org.apache.kafka.server.share.persister.ReadShareGroupStateResult;
import org.apache.kafka.server.share.persister.ReadShareGroupStateSummaryParameters;
import org.apache.kafka.server.share.persister.ReadShareGroupStateSummaryResult;
import org.apache.kafka.server.share.persister.TopicData;
import org.apache.kafka.server.share.persister.WriteShareGroupStateParameters;
import org.apache.kafka.server.share.persister.WriteShareGroupStateResult;

/**
 * The {@link StateStore} as Kafka's group coordinator wants it: it initializes share partitions when a group subscribes, deletes them with the group, and asks for offsets and lag.
 *
 * <p>Thread: any. Futures complete on the owner thread.
 */
final class SharePersister implements Persister {
    private final StateStore store;
    private final Topics topics;
    private final Owner owner;

    SharePersister(StateStore store, Topics topics, Owner owner) {
        this.store = store;
        this.topics = topics;
        this.owner = owner;
    }

    @Override
    public CompletableFuture<InitializeShareGroupStateResult> initializeState(
            InitializeShareGroupStateParameters request) {
        return this.<org.apache.kafka.server.share.persister.PartitionStateData, PartitionErrorData>each(
                request.groupTopicPartitionData(),
                (call, wanted) -> store.initialize(call.id(), wanted.stateEpoch(), wanted.startOffset(),
                        error -> call.answer(failure(call.id(), error))),
                SharePersister::failure)
                .thenApply(
                        topicsData -> new InitializeShareGroupStateResult.Builder().setTopicsData(topicsData).build());
    }

    @Override
    public CompletableFuture<ReadShareGroupStateResult> readState(ReadShareGroupStateParameters request) {
        return this.<org.apache.kafka.server.share.persister.PartitionIdLeaderEpochData, PartitionAllData>each(
                request.groupTopicPartitionData(), (call, wanted) -> call.answer(all(call.id())),
                SharePersister::nothing)
                .thenApply(topicsData -> new ReadShareGroupStateResult.Builder().setTopicsData(topicsData).build());
    }

    private PartitionAllData all(SharePartitionId id) {
        StoredState state = store.state(id);
        if (state == null) {
            return nothing(id, Errors.INVALID_REQUEST);
        }
        return PartitionFactory.newPartitionAllData(id.partition(), state.stateEpoch(), state.startOffset(),
                Errors.NONE.code(), null,
                state.states().stream().map(each -> new PersisterStateBatch(each.firstOffset(), each.lastOffset(),
                        each.kind().id(), (short) each.deliveryCount())).toList());
    }

    private static PartitionAllData nothing(SharePartitionId id, Errors error) {
        return PartitionFactory.newPartitionAllData(id.partition(), PartitionFactory.DEFAULT_STATE_EPOCH,
                PartitionFactory.UNINITIALIZED_START_OFFSET, error.code(), error.message(), List.of());
    }

    @Override
    public CompletableFuture<WriteShareGroupStateResult> writeState(WriteShareGroupStateParameters request) {
        return this.<org.apache.kafka.server.share.persister.PartitionStateBatchData, PartitionErrorData>each(
                request.groupTopicPartitionData(),
                (call, wanted) -> store.write(call.id(), wanted.stateEpoch(), wanted.startOffset(),
                        wanted.deliveryCompleteCount(),
                        wanted.stateBatches().stream()
                                .map(each -> new StateChange(each.firstOffset(), each.lastOffset(),
                                        StateChange.Kind.of(each.deliveryState()), each.deliveryCount()))
                                .toList(),
                        error -> call.answer(failure(call.id(), error))),
                SharePersister::failure)
                .thenApply(topicsData -> new WriteShareGroupStateResult.Builder().setTopicsData(topicsData).build());
    }

    @Override
    public CompletableFuture<DeleteShareGroupStateResult> deleteState(DeleteShareGroupStateParameters request) {
        return this.<PartitionIdData, PartitionErrorData>each(request.groupTopicPartitionData(),
                (call, wanted) -> store.delete(call.id(), error -> call.answer(failure(call.id(), error))),
                SharePersister::failure)
                .thenApply(topicsData -> new DeleteShareGroupStateResult.Builder().setTopicsData(topicsData).build());
    }

    @Override
    public CompletableFuture<ReadShareGroupStateSummaryResult> readSummary(
            ReadShareGroupStateSummaryParameters request) {
        return this.<org.apache.kafka.server.share.persister.PartitionIdLeaderEpochData, PartitionStateSummaryData>each(
                request.groupTopicPartitionData(), (call, wanted) -> call.answer(summary(call.id())),
                SharePersister::noSummary)
                .thenApply(topicsData -> new ReadShareGroupStateSummaryResult.Builder().setTopicsData(topicsData)
                        .build());
    }

    private PartitionStateSummaryData summary(SharePartitionId id) {
        StoredState state = store.state(id);
        return state == null
                ? noSummary(id, Errors.NONE)
                : PartitionFactory.newPartitionStateSummaryData(id.partition(), state.stateEpoch(),
                        state.startOffset(), state.deliveryCompleteCount(), PartitionFactory.DEFAULT_LEADER_EPOCH,
                        Errors.NONE.code(), null);
    }

    private static PartitionStateSummaryData noSummary(SharePartitionId id, Errors error) {
        return PartitionFactory.newPartitionStateSummaryData(id.partition(), PartitionFactory.DEFAULT_STATE_EPOCH,
                PartitionFactory.UNINITIALIZED_START_OFFSET, PartitionFactory.UNINITIALIZED_DELIVERY_COMPLETE_COUNT,
                PartitionFactory.DEFAULT_LEADER_EPOCH, error.code(), error == Errors.NONE ? null : error.message());
    }

    private static PartitionErrorData failure(SharePartitionId id, Errors error) {
        return PartitionFactory.newPartitionErrorData(id.partition(), error.code(),
                error == Errors.NONE ? null : error.message());
    }

    @Override
    public void stop() {
        // the log is closed with the log store
    }

    /** One partition of a request, until it is answered. */
    private record Call<R>(SharePartitionId id, Consumer<R> answering) {
        void answer(R result) {
            answering.accept(result);
        }
    }

    /** Makes a failed answer for a partition. */
    private interface Failure<R> {
        R of(SharePartitionId id, Errors error);
    }

    private <P extends PartitionIdData & PartitionInfoData, R extends PartitionInfoData> CompletableFuture<List<TopicData<R>>> each(
            GroupTopicPartitionData<P> request, BiConsumer<Call<R>, P> handler, Failure<R> failure) {
        CompletableFuture<List<TopicData<R>>> answer = new CompletableFuture<>();
        owner.execute(() -> store.whenReady(error -> {
            Map<Uuid, List<R>> results = new HashMap<>();
            int[] left = {1};
            Runnable done = () -> {
                left[0]--;
                if (left[0] == 0) {
                    answer.complete(results.entrySet().stream()
                            .map(each -> new TopicData<>(each.getKey(), each.getValue())).toList());
                }
            };
            for (TopicData<P> topic : request.topicsData()) {
                List<R> partitions = results.computeIfAbsent(topic.topicId(), id -> new ArrayList<>());
                for (P wanted : topic.partitions()) {
                    left[0]++;
                    SharePartitionId id = new SharePartitionId(request.groupId(), topic.topicId(), wanted.partition());
                    Call<R> call = new Call<>(id, result -> {
                        partitions.add(result);
                        done.run();
                    });
                    if (error != Errors.NONE) {
                        call.answer(failure.of(id, error));
                    } else if (!exists(id)) {
                        call.answer(failure.of(id, Errors.UNKNOWN_TOPIC_OR_PARTITION));
                    } else {
                        handler.accept(call, wanted);
                    }
                }
            }
            done.run();
        }));
        return answer;
    }

    private boolean exists(SharePartitionId id) {
        Topic topic = topics.byId(id.topicId());
        return topic != null && topic.partition(id.partition()) != null;
    }
}
