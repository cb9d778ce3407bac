// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import io.relais.kafka.group.LiveNode;
import io.relais.kafka.group.RawClient;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransactionCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResultCollection;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests about transactions in all their versions. */
class EveryVersionTest {
    private static final String ID = "billing-1";

    @TempDir
    Path folder;

    private LiveNode node;
    private RawClient client;

    @BeforeEach
    void start() {
        node = LiveNode.start(folder).topic("orders", 2);
        client = new RawClient(node);
    }

    @AfterEach
    void stop() {
        client.close();
        node.close();
    }

    /** Those that a client may use; Kafka's library knows newer ones that are not final. */
    private static List<Short> versions(ApiKeys key) {
        return key.allVersions().stream().filter(version -> version <= key.latestVersion(false)).toList();
    }

    private InitProducerIdResponseData init(short version, long producerId, short epoch) {
        InitProducerIdRequestData request = new InitProducerIdRequestData().setTransactionalId(ID)
                .setTransactionTimeoutMs(60_000);
        if (version >= 3) {
            request.setProducerId(producerId).setProducerEpoch(epoch);
        }
        return client.send(request, version, InitProducerIdResponseData.class);
    }

    private InitProducerIdResponseData init() {
        return init(ApiKeys.INIT_PRODUCER_ID.latestVersion(false), -1, (short) -1);
    }

    private static AddPartitionsToTxnTopicCollection topics(String name, int partition) {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName(name).setPartitions(List.of(partition)));
        return topics;
    }

    private static Errors only(AddPartitionsToTxnTopicResultCollection results) {
        return Errors.forCode(results.iterator().next().resultsByPartition().iterator().next().partitionErrorCode());
    }

    private Errors add(short version, long producerId, short epoch, String topic, boolean verifyOnly) {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
        if (version < 4) {
            request.setV3AndBelowTransactionalId(ID).setV3AndBelowProducerId(producerId)
                    .setV3AndBelowProducerEpoch(epoch).setV3AndBelowTopics(topics(topic, 0));
        } else {
            AddPartitionsToTxnTransactionCollection transactions = new AddPartitionsToTxnTransactionCollection();
            transactions.add(new AddPartitionsToTxnTransaction().setTransactionalId(ID).setProducerId(producerId)
                    .setProducerEpoch(epoch).setVerifyOnly(verifyOnly).setTopics(topics(topic, 0)));
            request.setTransactions(transactions);
        }
        AddPartitionsToTxnResponseData response = client.send(request, version, AddPartitionsToTxnResponseData.class);
        return only(version < 4
                ? response.resultsByTopicV3AndBelow()
                : response.resultsByTransaction().iterator().next().topicResults());
    }

    private EndTxnResponseData end(short version, long producerId, short epoch, boolean commit) {
        return client.send(new EndTxnRequestData().setTransactionalId(ID).setProducerId(producerId)
                .setProducerEpoch(epoch).setCommitted(commit), version, EndTxnResponseData.class);
    }

    @Test
    void initProducerId() {
        short last = -1;
        for (short version : versions(ApiKeys.INIT_PRODUCER_ID)) {
            InitProducerIdResponseData answer = init(version, -1, (short) -1);

            assertThat(Errors.forCode(answer.errorCode())).as("version " + version).isEqualTo(Errors.NONE);
            assertThat(answer.producerEpoch()).isEqualTo((short) (last + 1));
            last = answer.producerEpoch();
        }
        InitProducerIdResponseData current = init();
        assertThat(init((short) 3, current.producerId(), (short) 0).errorCode())
                .isEqualTo(Errors.INVALID_PRODUCER_EPOCH.code());
        assertThat(init((short) 4, current.producerId(), (short) 0).errorCode())
                .isEqualTo(Errors.PRODUCER_FENCED.code());
        assertThat(init((short) 4, current.producerId(), (short) -1).errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(init((short) 4, current.producerId(), current.producerEpoch()).producerEpoch())
                .isEqualTo((short) (current.producerEpoch() + 1));
    }

    @Test
    void addPartitionsToTxn() {
        InitProducerIdResponseData producer = init();
        for (short version : versions(ApiKeys.ADD_PARTITIONS_TO_TXN)) {
            assertThat(add(version, producer.producerId(), producer.producerEpoch(), "orders", false))
                    .as("version " + version).isEqualTo(Errors.NONE);
            assertThat(add(version, producer.producerId(), producer.producerEpoch(), "nothing", false))
                    .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(add(version, producer.producerId(), (short) 9, "orders", false))
                    .isEqualTo(version < 2 ? Errors.INVALID_PRODUCER_EPOCH : Errors.PRODUCER_FENCED);
        }
        assertThat(add((short) 3, producer.producerId(), producer.producerEpoch(), "__transaction_state", false))
                .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
        assertThat(add((short) 5, producer.producerId(), producer.producerEpoch(), "orders", true))
                .isEqualTo(Errors.NONE);
        assertThat(end((short) 4, producer.producerId(), producer.producerEpoch(), true).errorCode()).isZero();
    }

    @Test
    void addOffsetsToTxn() {
        InitProducerIdResponseData producer = init();
        for (short version : versions(ApiKeys.ADD_OFFSETS_TO_TXN)) {
            AddOffsetsToTxnResponseData answer = client.send(
                    new AddOffsetsToTxnRequestData().setTransactionalId(ID).setGroupId("group")
                            .setProducerId(producer.producerId()).setProducerEpoch(producer.producerEpoch()),
                    version, AddOffsetsToTxnResponseData.class);

            assertThat(Errors.forCode(answer.errorCode())).as("version " + version).isEqualTo(Errors.NONE);
        }
    }

    @Test
    void endTxn() {
        InitProducerIdResponseData producer = init();
        short epoch = producer.producerEpoch();
        for (short version : versions(ApiKeys.END_TXN)) {
            while (add((short) 3, producer.producerId(), epoch, "orders", false) != Errors.NONE) {
                assertThat(epoch).isEqualTo(producer.producerEpoch()); // the one before is still being completed
            }
            EndTxnResponseData answer = end(version, producer.producerId(), epoch, true);

            assertThat(Errors.forCode(answer.errorCode())).as("version " + version).isEqualTo(Errors.NONE);
            assertThat(answer.producerEpoch()).isEqualTo(version < 5 ? (short) -1 : (short) (epoch + 1));
            Errors fenced = Errors.forCode(end(version, producer.producerId(), (short) 77, true).errorCode());
            assertThat(fenced).isIn(version < 2 ? Errors.INVALID_PRODUCER_EPOCH : Errors.PRODUCER_FENCED,
                    Errors.CONCURRENT_TRANSACTIONS);
        }
    }

    @Test
    void writeTxnMarkers() {
        for (short version : versions(ApiKeys.WRITE_TXN_MARKERS)) {
            WriteTxnMarkersResponseData answer = client.send(
                    new WriteTxnMarkersRequestData().setMarkers(List.of(new WritableTxnMarker().setProducerId(5)
                            .setTransactionResult(false)
                            .setTopics(List.of(
                                    new WritableTxnMarkerTopic().setName("orders")
                                            .setPartitionIndexes(List.of(0, 7)))))),
                    version, WriteTxnMarkersResponseData.class);

            var partitions = answer.markers().getFirst().topics().getFirst().partitions();
            assertThat(partitions).as("version " + version).extracting(each -> each.errorCode())
                    .containsExactlyInAnyOrder(Errors.NONE.code(), Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
    }

    @Test
    void describeAndListTransactions() {
        init();
        for (short version : versions(ApiKeys.DESCRIBE_TRANSACTIONS)) {
            var states = client.send(
                    new DescribeTransactionsRequestData().setTransactionalIds(List.of(ID, "nobody", "")), version,
                    DescribeTransactionsResponseData.class).transactionStates();

            assertThat(states).extracting(each -> Errors.forCode(each.errorCode())).containsExactly(Errors.NONE,
                    Errors.TRANSACTIONAL_ID_NOT_FOUND, Errors.INVALID_REQUEST);
            assertThat(states.getFirst().transactionState()).isEqualTo("Empty");
        }
        for (short version : versions(ApiKeys.LIST_TRANSACTIONS)) {
            ListTransactionsResponseData answer = client.send(
                    new ListTransactionsRequestData().setStateFilters(List.of("Empty", "Nonsense")), version,
                    ListTransactionsResponseData.class);

            assertThat(answer.transactionStates()).as("version " + version).hasSize(1);
            assertThat(answer.unknownStateFilters()).containsExactly("Nonsense");
        }
        assertThat(client.send(new ListTransactionsRequestData().setTransactionalIdPattern("("), (short) 2,
                ListTransactionsResponseData.class).errorCode()).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION.code());
    }
}
