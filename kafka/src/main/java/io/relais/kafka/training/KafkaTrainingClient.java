// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.training;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Does once what most clients do first: produces idempotently and in a transaction, consumes in a group, commits, and leaves. */
public final class KafkaTrainingClient {
    private static final String TOPIC = "training";
    private static final int ROUNDS = 40;
    private static final int RECORDS_PER_ROUND = 50;

    private KafkaTrainingClient() {}

    /** Speaks to the broker on a port of this machine. Blocks. */
    public static void run(int port) {
        Map<String, Object> broker = Map.of("bootstrap.servers", "127.0.0.1:" + port);
        produce(new HashMap<>(broker));
        consume(new HashMap<>(broker));
    }

    private static void produce(Map<String, Object> settings) {
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 1);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int round = 0; round < ROUNDS; round++) {
                send(producer);
                producer.flush();
            }
        }
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TOPIC);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer);
            producer.commitTransaction();
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer) {
        byte[] value = new byte[1000];
        for (int i = 0; i < RECORDS_PER_ROUND; i++) {
            producer.send(new ProducerRecord<>(TOPIC, value));
        }
    }

    private static void consume(Map<String, Object> settings) {
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, TOPIC);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 64 << 10);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            int wanted = (ROUNDS + 1) * RECORDS_PER_ROUND;
            for (int polls = 0; wanted > 0 && polls < ROUNDS; polls++) {
                wanted -= consumer.poll(Duration.ofSeconds(1)).count();
            }
            consumer.commitSync();
        }
    }
}
