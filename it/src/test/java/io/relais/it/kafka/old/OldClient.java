// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka.old;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Behaviours that programs with old clients rely on, written with nothing that Kafka 2.1 did not have. The last line is "N passed, N failed". */
final class OldClient {
    private static final long PATIENCE_NS = 15_000_000_000L;

    private final String bootstrap;
    private final AdminClient admin;

    private OldClient(String bootstrap) {
        this.bootstrap = bootstrap;
        this.admin = AdminClient.create(properties());
    }

    private interface Behaviour {
        void run() throws Exception;
    }

    public static void main(String[] args) {
        OldClient client = new OldClient(args[0]);
        Map<String, Behaviour> behaviours = new LinkedHashMap<>();
        behaviours.put("produce and consume", client::produceAndConsume);
        behaviours.put("keys, headers and timestamps arrive", client::everythingArrives);
        behaviours.put("every acknowledgement is served", client::acknowledgements);
        behaviours.put("gzip arrives", client::compression);
        behaviours.put("an idempotent producer", client::idempotence);
        behaviours.put("a group goes on where it committed", client::groups);
        behaviours.put("members share the partitions", client::members);
        behaviours.put("transactions are all or nothing", client::transactions);
        behaviours.put("offsets are committed with a transaction", client::offsetsInATransaction);
        behaviours.put("offsets are found by time", client::times);
        behaviours.put("topics are described, grown and deleted", client::topics);
        behaviours.put("configs are described", client::configs);
        behaviours.put("a record that is too large is refused", client::refusal);
        int failed = 0;
        for (Map.Entry<String, Behaviour> behaviour : behaviours.entrySet()) {
            try {
                behaviour.getValue().run();
                System.out.println("ok      " + behaviour.getKey());
            } catch (Exception | AssertionError e) {
                failed++;
                System.out.println("FAILED  " + behaviour.getKey());
                e.printStackTrace(System.out);
            }
        }
        System.out.println((behaviours.size() - failed) + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }

    private Properties properties(String... more) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrap);
        properties.setProperty("retry.backoff.ms", "20");
        for (int i = 0; i < more.length; i += 2) {
            properties.setProperty(more[i], more[i + 1]);
        }
        return properties;
    }

    private static String name(String purpose) {
        return purpose + "-" + UUID.randomUUID();
    }

    private String topic(int partitions, Map<String, String> configs) throws Exception {
        String name = name("old");
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs))).all().get();
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!admin.listTopics().names().get().contains(name) && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(20);
        }
        return name;
    }

    private String topic() throws Exception {
        return topic(1, Map.of());
    }

    private KafkaProducer<String, String> producer(String... more) {
        return new KafkaProducer<>(properties(more), new StringSerializer(), new StringSerializer());
    }

    private KafkaConsumer<String, String> consumer(String group, String... more) {
        Properties properties = properties(more);
        properties.setProperty("group.id", group);
        properties.setProperty("auto.offset.reset", "earliest");
        properties.setProperty("enable.auto.commit", "false");
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }

    private static void send(KafkaProducer<String, String> producer, String topic, String... values) throws Exception {
        for (String value : values) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private void send(String topic, String... values) throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            send(producer, topic, values);
        }
    }

    private static List<String> take(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (values.size() < count && System.nanoTime() - deadlineNs < 0) {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
        }
        return values;
    }

    private List<String> read(String topic, int count, String... more) {
        try (KafkaConsumer<String, String> consumer = consumer(name("group"), more)) {
            consumer.subscribe(List.of(topic));
            return take(consumer, count);
        }
    }

    private static void same(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError("expected " + expected + ", got " + actual);
        }
    }

    private static <K, V> V at(Map<K, V> map, K key) {
        return requireNonNull(map.get(key), () -> "nothing for " + key);
    }

    private void produceAndConsume() throws Exception {
        String topic = topic();
        send(topic, "a", "b", "c");
        same(List.of("a", "b", "c"), read(topic, 3));
    }

    private void everythingArrives() throws Exception {
        String topic = topic();
        long timestampMs = System.currentTimeMillis() - 5_000;
        try (KafkaProducer<String, String> producer = producer()) {
            producer.send(new ProducerRecord<>(topic, 0, timestampMs, "k", "v",
                    List.of(new RecordHeader("h", new byte[]{1})))).get();
        }
        try (KafkaConsumer<String, String> consumer = consumer(name("group"))) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var records = consumer.poll(Duration.ofSeconds(5));
            for (var record : records) {
                same("k=v @" + timestampMs, record.key() + "=" + record.value() + " @" + record.timestamp());
                same((byte) 1, record.headers().lastHeader("h").value()[0]);
            }
            same(1, records.count());
        }
    }

    private void acknowledgements() throws Exception {
        String topic = topic();
        for (String acks : List.of("0", "1", "all")) {
            try (KafkaProducer<String, String> producer = producer("acks", acks, "enable.idempotence", "false")) {
                send(producer, topic, acks);
            }
        }
        same(List.of("0", "1", "all"), read(topic, 3));
    }

    private void compression() throws Exception {
        String topic = topic();
        try (KafkaProducer<String, String> producer = producer("compression.type", "gzip")) {
            send(producer, topic, "x".repeat(10_000));
        }
        same(List.of("x".repeat(10_000)), read(topic, 1));
    }

    private void idempotence() throws Exception {
        String topic = topic();
        List<String> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer("enable.idempotence", "true")) {
            for (int i = 0; i < 1_000; i++) {
                sent.add("v" + i);
                producer.send(new ProducerRecord<>(topic, "v" + i));
            }
        }
        same(sent, read(topic, 1_000));
    }

    @SuppressWarnings("removal") // what 2.1 has
    private void groups() throws Exception {
        String topic = topic();
        String group = name("group");
        send(topic, "a", "b");
        try (KafkaConsumer<String, String> first = consumer(group, "max.poll.records", "1")) {
            first.subscribe(List.of(topic));
            same(List.of("a"), take(first, 1));
            first.commitSync();
        }
        try (KafkaConsumer<String, String> second = consumer(group)) {
            second.subscribe(List.of(topic));
            same(List.of("b"), take(second, 1));
        }
        same(true, admin.listConsumerGroups().all().get().stream().anyMatch(g -> g.groupId().equals(group)));
        same(0, at(admin.describeConsumerGroups(List.of(group)).all().get(), group).members().size());
        same(1, admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().size());
    }

    private void members() throws Exception {
        String topic = topic(4, Map.of());
        String group = name("group");
        try (KafkaConsumer<String, String> one = consumer(group, "heartbeat.interval.ms", "100");
                KafkaConsumer<String, String> two = consumer(group, "heartbeat.interval.ms", "100")) {
            one.subscribe(List.of(topic));
            two.subscribe(List.of(topic));
            long deadlineNs = System.nanoTime() + PATIENCE_NS;
            while ((one.assignment().size() != 2 || two.assignment().size() != 2)
                    && System.nanoTime() - deadlineNs < 0) {
                one.poll(Duration.ofMillis(50));
                two.poll(Duration.ofMillis(50));
            }
            same(2, one.assignment().size());
            same(2, two.assignment().size());
        }
    }

    private void transactions() throws Exception {
        String topic = topic();
        try (KafkaProducer<String, String> producer = producer("transactional.id", name("tx"))) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, topic, "aborted");
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, topic, "committed");
            producer.commitTransaction();
        }
        same(List.of("committed"), read(topic, 1, "isolation.level", "read_committed"));
    }

    /** The variant without member metadata: gone in newer releases, so it is called by name. */
    private void offsetsInATransaction() throws Exception {
        String topic = topic();
        String group = name("group");
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<String, String> producer = producer("transactional.id", name("tx"))) {
            producer.initTransactions();
            producer.beginTransaction();
            KafkaProducer.class.getMethod("sendOffsetsToTransaction", Map.class, String.class)
                    .invoke(producer, Map.of(partition, new OffsetAndMetadata(5)), group);
            producer.commitTransaction();
        }
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (committed(group).isEmpty() && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(20); // old clients are not made to wait for the decision
        }
        same(5L, at(committed(group), partition).offset());
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group) throws Exception {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    }

    private void times() throws Exception {
        String topic = topic();
        long now = System.currentTimeMillis();
        try (KafkaProducer<String, String> producer = producer()) {
            producer.send(new ProducerRecord<>(topic, 0, now, null, "a")).get();
            producer.send(new ProducerRecord<>(topic, 0, now + 1_000, null, "b")).get();
        }
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = consumer(name("group"))) {
            same(1L, at(consumer.offsetsForTimes(Map.of(partition, now + 500)), partition).offset());
            same(2L, at(consumer.endOffsets(List.of(partition)), partition));
            same(0L, at(consumer.beginningOffsets(List.of(partition)), partition));
        }
    }

    private void topics() throws Exception {
        String topic = topic(2, Map.of());
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get();
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (partitions(topic) != 3 && System.nanoTime() - deadlineNs < 0) {
            Thread.sleep(20);
        }
        same(3, partitions(topic));
        admin.deleteTopics(List.of(topic)).all().get();
        same(1, admin.describeCluster().nodes().get().size());
    }

    private int partitions(String topic) throws Exception {
        try (KafkaConsumer<String, String> consumer = consumer(name("group"))) {
            return consumer.partitionsFor(topic).size();
        }
    }

    private void configs() throws Exception {
        String topic = topic(1, Map.of("retention.ms", "60000"));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = at(admin.describeConfigs(List.of(resource)).all().get(), resource);
        same("60000", config.get("retention.ms").value());
        same("delete", config.get("cleanup.policy").value());
    }

    private void refusal() throws Exception {
        String topic = topic(1, Map.of("max.message.bytes", "1000"));
        try {
            send(topic, "x".repeat(2_000));
        } catch (ExecutionException e) {
            same(RecordTooLargeException.class, requireNonNull(e.getCause()).getClass());
            return;
        }
        throw new AssertionError("was not refused");
    }
}
