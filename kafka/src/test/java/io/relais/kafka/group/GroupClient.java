// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A member of a group, by the unmodified Java client. */
final class GroupClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration POLL = Duration.ofMillis(50);

    final KafkaConsumer<String, String> consumer;
    private final List<String> values = new ArrayList<>();

    private GroupClient(KafkaConsumer<String, String> consumer) {
        this.consumer = consumer;
    }

    /** @param protocol classic or consumer */
    static GroupClient of(LiveNode node, String group, String protocol, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(
                Map.of("bootstrap.servers", node.address(), "group.id", group, "metadata.max.age.ms", "1000",
                        "group.protocol", protocol, "auto.offset.reset", "earliest", "enable.auto.commit", "false",
                        "key.deserializer", StringDeserializer.class, "value.deserializer", StringDeserializer.class));
        if (protocol.equals("classic")) {
            config.put("heartbeat.interval.ms", "200");
        }
        config.putAll(more);
        return new GroupClient(new KafkaConsumer<>(config));
    }

    static GroupClient of(LiveNode node, String group, String protocol) {
        return of(node, group, protocol, Map.of());
    }

    static Admin admin(LiveNode node) {
        return Admin.create(Map.of("bootstrap.servers", node.address()));
    }

    /** Appends values v0, v1, … to partitions in turn. */
    static void produce(LiveNode node, String topic, int partitions, int from, int count) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", node.address(), "enable.idempotence", "false", "key.serializer",
                        StringSerializer.class, "value.serializer", StringSerializer.class))) {
            for (int i = from; i < from + count; i++) {
                producer.send(new ProducerRecord<>(topic, i % partitions, "k" + i, "v" + i));
            }
            producer.flush();
        }
    }

    GroupClient subscribe(String... topics) {
        consumer.subscribe(List.of(topics));
        return this;
    }

    /** Polls until so many records came altogether; all their values. */
    List<String> receive(int count) {
        pollUntil(() -> values.size() >= count);
        return List.copyOf(values);
    }

    /** Polls until it has so many partitions. */
    Set<TopicPartition> assigned(int count) {
        pollUntil(() -> consumer.assignment().size() == count);
        return consumer.assignment();
    }

    void pollUntil(BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("has " + consumer.assignment() + " and " + values.size() + " records");
            }
            poll();
        }
    }

    void poll() {
        for (ConsumerRecord<String, String> each : consumer.poll(POLL)) {
            values.add(each.value());
        }
    }

    /** Polls all in turn until each has so many partitions. */
    static void balance(Collection<GroupClient> members, int each) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!members.stream().allMatch(member -> member.consumer.assignment().size() == each)) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError(
                        members.stream().map(member -> member.consumer.assignment().toString()).toList());
            }
            members.forEach(GroupClient::poll);
        }
    }

    Set<String> assignment() {
        Set<String> names = new TreeSet<>();
        consumer.assignment().forEach(partition -> names.add(partition.toString()));
        return names;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
