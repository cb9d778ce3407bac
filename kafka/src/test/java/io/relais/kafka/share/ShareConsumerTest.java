// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import io.relais.kafka.group.LiveNode;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Share groups by Kafka's own share consumer, over a socket. */
class ShareConsumerTest {
    private static final String TOPIC = "orders";
    private static final String GROUP = "workers";

    @TempDir
    Path folder;

    private LiveNode node;

    @BeforeEach
    void start() {
        node = LiveNode.start(folder.resolve("data")).topic(TOPIC, 1);
        ShareClient.configure(node, GROUP, Map.of());
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private ShareClient worker() {
        return ShareClient.of(node, GROUP, TOPIC);
    }

    @Test
    void acceptedRecordsNeverComeBack_evenAfterARestart() {
        ShareClient.produce(node, TOPIC, 0, 10);
        try (ShareClient worker = worker()) {
            assertThat(ShareClient.values(worker.receive(10, AcknowledgeType.ACCEPT))).containsExactly("v0", "v1",
                    "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9");
        }

        node = node.restarted();

        ShareClient.configure(node, GROUP, Map.of());
        ShareClient.produce(node, TOPIC, 10, 1);
        try (ShareClient worker = worker()) {
            assertThat(ShareClient.values(worker.receive(1, AcknowledgeType.ACCEPT))).containsExactly("v10");
        }
    }

    @Test
    void afterAKill_whatWasAcceptedStaysAway_andTheRestComesBackWithItsDeliveryCount() throws IOException {
        ShareClient.produce(node, TOPIC, 0, 6);
        ShareClient worker = worker();
        List<ConsumerRecord<String, String>> records = worker.poll();
        records.forEach(each -> worker.consumer.acknowledge(each,
                each.offset() % 2 == 0 ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE));
        worker.commit();
        int seen = records.size();

        LiveNode other = node.killedAndStartedIn(folder.resolve("copy"));
        worker.consumer.close(Duration.ZERO);
        node = other;

        ShareClient.configure(node, GROUP, Map.of());
        try (ShareClient again = worker()) {
            List<ConsumerRecord<String, String>> back = again.receive(6 - (seen + 1) / 2, AcknowledgeType.ACCEPT);
            assertThat(back).allSatisfy(each -> assertThat(each.offset() % 2 == 1 || each.offset() >= seen).isTrue());
            assertThat(back.get(0).value()).isEqualTo("v1");
            assertThat(back.get(0).deliveryCount()).contains((short) 2);
        }
    }

    @Test
    void releasedRecordsComeAgain_countedUntilTheLimit() {
        ShareClient.configure(node, GROUP, Map.of("share.delivery.count.limit", "3"));
        ShareClient.produce(node, TOPIC, 0, 1);
        try (ShareClient worker = worker()) {
            List<ConsumerRecord<String, String>> deliveries = worker.receive(3, AcknowledgeType.RELEASE);

            assertThat(deliveries).extracting(each -> each.deliveryCount().orElseThrow()).containsExactly((short) 1,
                    (short) 2, (short) 3);

            ShareClient.produce(node, TOPIC, 1, 1);
            assertThat(ShareClient.values(worker.receive(1, AcknowledgeType.ACCEPT))).containsExactly("v1");
        }
    }

    @Test
    void rejectedRecordsAreNotHandedOutAgain() {
        ShareClient.produce(node, TOPIC, 0, 2);
        try (ShareClient worker = worker()) {
            worker.receive(2, AcknowledgeType.REJECT);
            ShareClient.produce(node, TOPIC, 2, 1);

            assertThat(ShareClient.values(worker.receive(1, AcknowledgeType.ACCEPT))).containsExactly("v2");
        }
    }

    @Test
    void recordsWhoseLockEndedGoToSomebodyElse() {
        ShareClient.produce(node, TOPIC, 0, 1);
        Map<String, Object> impatient = Map.of("fetch.max.wait.ms", 10); // no fetch of its own waits when the lock ends
        try (ShareClient slow = ShareClient.of(node, GROUP, TOPIC, impatient)) {
            slow.poll();
            try (ShareClient other = worker()) {
                assertThat(other.consumer.poll(Duration.ofSeconds(1)).count()).isZero();
                node.advance(30_001);
                List<ConsumerRecord<String, String>> records = other.receive(1, AcknowledgeType.ACCEPT);
                assertThat(records.get(0).value()).isEqualTo("v0");
                assertThat(records.get(0).deliveryCount()).contains((short) 2);
            }
        }
    }

    @Test
    void whatAMemberHasIsFreeWhenItLeaves() {
        ShareClient.produce(node, TOPIC, 0, 1);
        try (ShareClient leaver = worker()) {
            leaver.poll();
        }
        try (ShareClient other = worker()) {
            assertThat(ShareClient.values(other.receive(1, AcknowledgeType.ACCEPT))).containsExactly("v0");
        }
    }

    @Test
    void membersShareAPartition_eachRecordGoesToOne() {
        Map<String, Object> few = Map.of("max.poll.records", 5, "share.acquire.mode", "record_limit");
        try (ShareClient ann = ShareClient.of(node, GROUP, TOPIC, few);
                ShareClient bob = ShareClient.of(node, GROUP, TOPIC, few)) {
            ann.consumer.poll(Duration.ofMillis(10));
            bob.consumer.poll(Duration.ofMillis(10));
            ShareClient.produce(node, TOPIC, 0, 100);
            List<String> all = new ArrayList<>();
            Set<String> who = new TreeSet<>();
            ShareClient.until(() -> {
                take(ann, "ann", all, who);
                take(bob, "bob", all, who);
                return all.size() >= 100;
            });

            assertThat(all).hasSize(100).doesNotHaveDuplicates();
            assertThat(who).containsExactly("ann", "bob");
        }
    }

    private static void take(ShareClient client, String name, List<String> all, Set<String> who) {
        client.consumer.poll(Duration.ofMillis(20)).forEach(each -> {
            all.add(each.value());
            who.add(name);
            client.consumer.acknowledge(each);
        });
        client.consumer.commitSync();
    }

    @Test
    void implicitAcknowledgementAcceptsWithTheNextPoll() {
        ShareClient.produce(node, TOPIC, 0, 3);
        Map<String, Object> implicit = Map.of("share.acknowledgement.mode", "implicit");
        try (ShareClient worker = ShareClient.of(node, GROUP, TOPIC, implicit)) {
            int[] count = {0};
            ShareClient.until(() -> {
                count[0] += worker.consumer.poll(Duration.ofMillis(50)).count();
                return count[0] >= 3;
            });
            worker.commit();
        }
        ShareClient.produce(node, TOPIC, 3, 1);
        try (ShareClient worker = worker()) {
            assertThat(ShareClient.values(worker.receive(1, AcknowledgeType.ACCEPT))).containsExactly("v3");
        }
    }

    @Test
    void aRenewedLockLastsLonger() {
        ShareClient.produce(node, TOPIC, 0, 1);
        try (ShareClient slow = worker()) {
            ConsumerRecord<String, String> record = slow.poll().get(0);
            node.advance(20_000);
            slow.consumer.acknowledge(record, AcknowledgeType.RENEW);
            slow.commit();
            node.advance(20_000);
            slow.consumer.poll(Duration.ofMillis(50));
            slow.consumer.acknowledge(record, AcknowledgeType.ACCEPT);
            slow.commit();
        }
        ShareClient.produce(node, TOPIC, 1, 1);
        try (ShareClient worker = worker()) {
            assertThat(ShareClient.values(worker.receive(1, AcknowledgeType.ACCEPT))).containsExactly("v1");
        }
    }

    @Test
    void readCommitted_leavesOutWhatWasAborted() {
        ShareClient.configure(node, GROUP, Map.of("share.isolation.level", "read_committed"));
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", node.address(), "transactional.id", "t", "key.serializer",
                        StringSerializer.class, "value.serializer", StringSerializer.class))) {
            producer.initTransactions();
            transaction(producer, "kept", true);
            transaction(producer, "dropped", false);
            transaction(producer, "kept too", true);
        }
        try (ShareClient worker = worker()) {
            assertThat(ShareClient.values(worker.receive(2, AcknowledgeType.ACCEPT))).containsExactly("kept",
                    "kept too");
        }
    }

    private static void transaction(KafkaProducer<String, String> producer, String value, boolean commit) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, "k", value));
        producer.flush();
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    @Test
    void rejectedRecordsGoToTheDeadLetterQueue_withHeadersThatSayWhatTheyAre() {
        node.topic("dlq.orders", 1, Map.of("errors.deadletterqueue.group.enable", "true"));
        ShareClient.configure(node, GROUP, Map.of("errors.deadletterqueue.topic.name", "dlq.orders",
                "errors.deadletterqueue.copy.record.enable", "true"));
        ShareClient.produce(node, TOPIC, 0, 2);
        try (ShareClient worker = worker()) {
            worker.receive(2, AcknowledgeType.REJECT);
        }

        ConsumerRecord<String, String> dead = readAll("dlq.orders", 2).get(1);

        assertThat(dead.key()).isEqualTo("k1");
        assertThat(dead.value()).isEqualTo("v1");
        Map<String, String> headers = new HashMap<>();
        dead.headers().forEach(each -> headers.put(each.key(), new String(each.value(), StandardCharsets.UTF_8)));
        assertThat(headers).containsOnly(Map.entry("__dlq.errors.topic", "orders"),
                Map.entry("__dlq.errors.partition", "0"), Map.entry("__dlq.errors.offset", "1"),
                Map.entry("__dlq.errors.group", "workers"), Map.entry("__dlq.errors.delivery.count", "1"),
                Map.entry("__dlq.errors.message", "Offset rejected by client."));
    }

    private List<ConsumerRecord<String, String>> readAll(String topic, int count) {
        List<ConsumerRecord<String, String>> all = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", node.address(), "auto.offset.reset", "earliest", "key.deserializer",
                        StringDeserializer.class, "value.deserializer", StringDeserializer.class))) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            ShareClient.until(() -> {
                consumer.poll(Duration.ofMillis(50)).forEach(all::add);
                return all.size() >= count;
            });
        }
        return all;
    }

    @Test
    void anAdministratorSeesWhereAGroupIs_andResetsIt() throws Exception {
        ShareClient.produce(node, TOPIC, 0, 4);
        try (ShareClient worker = worker()) {
            worker.receive(4, AcknowledgeType.ACCEPT);
        }
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.address()))) {
            SharePartitionOffsetInfo info = Objects.requireNonNull(
                    admin.listShareGroupOffsets(Map.of(GROUP, new ListShareGroupOffsetsSpec()))
                            .partitionsToOffsetInfo(GROUP).get().get(partition));
            assertThat(info.startOffset()).isEqualTo(4);
            assertThat(info.lag()).contains(0L);

            admin.alterShareGroupOffsets(GROUP, Map.of(partition, 2L)).all().get();
        }
        try (ShareClient worker = worker()) {
            assertThat(ShareClient.values(worker.receive(2, AcknowledgeType.ACCEPT))).containsExactly("v2", "v3");
        }
    }
}
