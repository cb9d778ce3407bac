// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import io.relais.kafka.group.LiveNode;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A member of a share group, by the unmodified Java client. */
final class ShareClient implements AutoCloseable {
    /** More than the coordinator takes to try again what it could not begin ({@code group.share.initialize.retry.interval.ms}, 30 s). */
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(50);

    final KafkaShareConsumer<String, String> consumer;

    private ShareClient(KafkaShareConsumer<String, String> consumer) {
        this.consumer = consumer;
    }

    static ShareClient of(LiveNode node, String group, String topic, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", node.address(), "group.id", group,
                "share.acknowledgement.mode", "explicit", "key.deserializer", StringDeserializer.class,
                "value.deserializer", StringDeserializer.class));
        config.putAll(more);
        ShareClient client = new ShareClient(new KafkaShareConsumer<>(config));
        client.consumer.subscribe(List.of(topic));
        return client;
    }

    static ShareClient of(LiveNode node, String group, String topic) {
        return of(node, group, topic, Map.of());
    }

    /** Configures a group: it begins with what is there, and whatever else is given. */
    static void configure(LiveNode node, String group, Map<String, String> more) {
        Map<String, String> configs = new HashMap<>(Map.of("share.auto.offset.reset", "earliest"));
        configs.putAll(more);
        node.onOwner(() -> {
            node.groups().groupConfig(group, configs);
            return null;
        });
    }

    /** Appends values v{@code from}, …; one batch for each. */
    static void produce(LiveNode node, String topic, int from, int count) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(Map.of("bootstrap.servers", node.address(),
                "enable.idempotence", "false", "batch.size", "0", "key.serializer", StringSerializer.class,
                "value.serializer", StringSerializer.class))) {
            for (int i = from; i < from + count; i++) {
                producer.send(new ProducerRecord<>(topic, 0, "k" + i, "v" + i));
            }
            producer.flush();
        }
    }

    /** Polls until at least so many records came; all of them. In explicit mode each is acknowledged as said. */
    List<ConsumerRecord<String, String>> receive(int count, AcknowledgeType type) {
        List<ConsumerRecord<String, String>> all = new ArrayList<>();
        until(() -> {
            ConsumerRecords<String, String> records = consumer.poll(POLL);
            records.forEach(each -> {
                all.add(each);
                consumer.acknowledge(each, type);
            });
            if (!records.isEmpty()) {
                commit();
            }
            return all.size() >= count;
        });
        return all;
    }

    /** Polls once with success: the records, not acknowledged yet. */
    List<ConsumerRecord<String, String>> poll() {
        List<ConsumerRecord<String, String>> all = new ArrayList<>();
        until(() -> {
            consumer.poll(POLL).forEach(all::add);
            return !all.isEmpty();
        });
        return all;
    }

    /** Waits until all acknowledgements are durable. */
    void commit() {
        Map<TopicIdPartition, Optional<KafkaException>> results = consumer.commitSync();
        results.forEach((partition, error) -> error.ifPresent(e -> {
            throw e;
        }));
    }

    static List<String> values(Collection<ConsumerRecord<String, String>> records) {
        return records.stream().map(ConsumerRecord::value).toList();
    }

    static void until(BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("nothing came for " + PATIENCE);
            }
        }
    }

    @Override
    public void close() {
        consumer.close(Duration.ofSeconds(10));
    }
}
