// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import static org.apache.kafka.common.internals.Topic.TRANSACTION_STATE_TOPIC_NAME;

import io.relais.broker.runtime.Owner;
import io.relais.kafka.partition.TransactionGate;
import io.relais.kafka.topic.Topic;
import io.relais.kafka.topic.TopicListener;
import io.relais.kafka.topic.Topics;
import io.relais.kafka.wire.ApiTable;
import io.relais.log.metadata.MetadataStore;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** Producer ids and transactions, put together. Thread: the owner. */
public final class Transactions {
    private final Topics topics;
    private final Owner owner;
    private final TransactionCoordinator coordinator;
    private final Markers markers;
    private final CoordinatorGate gate;
    private @Nullable OffsetTransactions offsets;

    public Transactions(TransactionSettings settings, Topics topics, MetadataStore metadata, Owner owner) {
        this.topics = topics;
        this.owner = owner;
        this.markers = new PartitionMarkers(topics, () -> offsets, owner);
        this.coordinator = new TransactionCoordinator(settings, new ProducerIds(metadata, owner),
                new KafkaStateTopic(topics, settings.stateSegmentBytes(), owner), markers, owner);
        this.gate = new CoordinatorGate(coordinator, owner);
        topics.onChange(new StateTopicGone());
    }

    /** Offsets are committed in transactions from now on. */
    public void offsets(OffsetTransactions groups) {
        offsets = groups;
    }

    /** Reads what is known of transactional ids, where there are any, and finishes transactions that a crash left half ended. */
    public void start() {
        coordinator.start();
    }

    /** What is asked before records enter a partition as part of a transaction. */
    public TransactionGate gate() {
        return gate;
    }

    /** Answers the requests that concern producer ids and transactions. */
    public void register(ApiTable apis, TransactionAccess access) {
        apis.on(ApiKeys.INIT_PRODUCER_ID, new InitProducerIdApi(coordinator, access)::handle);
        apis.on(ApiKeys.ADD_PARTITIONS_TO_TXN, new AddPartitionsToTxnApi(coordinator, topics, access)::handle);
        apis.on(ApiKeys.ADD_OFFSETS_TO_TXN, new AddOffsetsToTxnApi(coordinator, () -> offsets, access)::handle);
        apis.on(ApiKeys.END_TXN, new EndTxnApi(coordinator, access)::handle);
        apis.on(ApiKeys.WRITE_TXN_MARKERS, new WriteTxnMarkersApi(markers, access)::handle);
        apis.on(ApiKeys.DESCRIBE_TRANSACTIONS, new DescribeTransactionsApi(coordinator, access)::handle);
        apis.on(ApiKeys.LIST_TRANSACTIONS, new ListTransactionsApi(coordinator, owner.clock(), access)::handle);
    }

    private final class StateTopicGone implements TopicListener {
        @Override
        public void created(Topic topic) {
            // read when somebody asks
        }

        @Override
        public void grown(Topic topic, int before) {
            // ids stay in the partitions they are in until the next start
        }

        @Override
        public void configured(Topic topic) {
            // its log hears of it
        }

        @Override
        public void deleted(Topic topic) {
            if (topic.name().equals(TRANSACTION_STATE_TOPIC_NAME)) {
                coordinator.forgetAll();
            }
        }
    }
}
