// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offsets that a transactional producer commits: they count when the transaction is committed, and only then. */
class TransactionalOffsetsTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);

    @TempDir
    Path folder;

    private LiveNode node;
    private Admin admin;
    private KafkaProducer<String, String> producer;

    @BeforeEach
    void start() {
        node = LiveNode.start(folder).topic("orders", 2);
        connect();
    }

    private void connect() {
        admin = GroupClient.admin(node);
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", node.address(), "transactional.id", "billing-1",
                "key.serializer", StringSerializer.class, "value.serializer", StringSerializer.class));
        producer.initTransactions();
    }

    @AfterEach
    void stop() {
        disconnect();
        node.close();
    }

    private void disconnect() {
        producer.close();
        admin.close();
    }

    private void sendOffset(long offset) {
        producer.beginTransaction();
        try (GroupClient reader = GroupClient.of(node, "billing", "classic")) {
            producer.sendOffsetsToTransaction(Map.of(FIRST, new OffsetAndMetadata(offset)),
                    reader.consumer.groupMetadata());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(boolean stable) throws Exception {
        return admin
                .listConsumerGroupOffsets(
                        Map.of("billing", new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(FIRST))),
                        new ListConsumerGroupOffsetsOptions().requireStable(stable))
                .partitionsToOffsetAndMetadata().get(30, TimeUnit.SECONDS);
    }

    @Test
    void offsetsOfACommittedTransactionCount() throws Exception {
        sendOffset(42);
        producer.commitTransaction();

        assertThat(offsets(true)).containsEntry(FIRST, new OffsetAndMetadata(42));
    }

    @Test
    void offsetsOfAnAbortedTransactionDoNot() throws Exception {
        sendOffset(42);
        producer.commitTransaction();
        sendOffset(50);
        producer.abortTransaction();

        assertThat(offsets(true)).containsEntry(FIRST, new OffsetAndMetadata(42));
    }

    @Test
    void whoWantsStableOffsetsHearsThatATransactionIsOpen() throws Exception {
        sendOffset(42);

        assertThat(offsets(false)).hasEntrySatisfying(FIRST, offset -> assertThat(offset).isNull());
        assertThat(stable()).containsOnlyKeys(Errors.NONE, Errors.UNSTABLE_OFFSET_COMMIT);

        producer.commitTransaction();
        assertThat(stable()).containsOnlyKeys(Errors.NONE);
        assertThat(offsets(true)).containsEntry(FIRST, new OffsetAndMetadata(42));
    }

    private Map<Errors, Integer> stable() {
        try (RawClient client = new RawClient(node)) {
            return client.send(ApiKeys.OFFSET_FETCH, new OffsetFetchRequestData().setRequireStable(true)
                    .setGroups(List.of(new OffsetFetchRequestGroup().setGroupId("billing")
                            .setTopics(List.of(new OffsetFetchRequestTopics().setName(FIRST.topic())
                                    .setPartitionIndexes(List.of(FIRST.partition())))))),
                    (short) 9).errorCounts();
        }
    }

    @Test
    void theyAreThereAfterARestart() throws Exception {
        sendOffset(42);
        producer.commitTransaction();
        sendOffset(50);
        producer.abortTransaction();
        disconnect();

        node = node.restarted();
        connect();

        assertThat(offsets(true)).containsEntry(FIRST, new OffsetAndMetadata(42));
    }
}
