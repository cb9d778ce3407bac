// SPDX-License-Identifier: Apache-2.0
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One record at a time, acks=all: from before it is sent until it was consumed, in milliseconds with three decimals (Kafka's own tool rounds to whole ones).
 * Usage: {@code java -cp … Latency.java HOST:PORT TOPIC RECORDS SIZE}; a fifth of the records comes first, to warm up. Prints "p50 p99 p999".
 */
final class Latency {
    private Latency() {}

    public static void main(String[] args) throws Exception {
        int records = Integer.parseInt(args[2]);
        byte[] value = new byte[Integer.parseInt(args[3])];
        TopicPartition partition = new TopicPartition(args[1], 0);
        long[] takenNs = new long[records];
        try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", args[0], "acks", "all", "linger.ms", 0),
                new ByteArraySerializer(), new ByteArraySerializer());
                var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", args[0]), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            consumer.position(partition);
            for (int i = -records / 5; i < records; i++) {
                long startNs = System.nanoTime();
                producer.send(new ProducerRecord<>(args[1], value)).get();
                for (int got = 0; got == 0;) {
                    got = consumer.poll(Duration.ofSeconds(10)).count();
                }
                if (i >= 0) {
                    takenNs[i] = System.nanoTime() - startNs;
                }
            }
        }
        Arrays.sort(takenNs);
        System.out.printf("%.3f %.3f %.3f%n", at(takenNs, 0.5), at(takenNs, 0.99), at(takenNs, 0.999));
    }

    private static double at(long[] sortedNs, double part) {
        return sortedNs[(int) Math.min(sortedNs.length - 1, Math.round(sortedNs.length * part))] / 1e6;
    }
}
