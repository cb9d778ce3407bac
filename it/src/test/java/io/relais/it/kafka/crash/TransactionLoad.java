// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Producers with transactions over several partitions, with offsets in them; a producer that is idempotent only; a consumer of read_committed. Everything they are
 * promised goes to a {@link TransactionLedger}. They end when the broker is gone.
 */
final class TransactionLoad implements AutoCloseable {
    static final String TOPIC = "crash";
    static final int PARTITIONS = 4;
    static final int TRANSACTIONAL = 3;
    /** Producers without transactions have numbers from here on, one for each round. */
    private static final int IDEMPOTENT = 1_000;
    private static final int RECORDS_MAX = 12;
    private static final int PADDING_MAX = 1_000;
    /** Of a hundred transactions. */
    private static final int ABORTED = 25;

    private final String bootstrap;
    private final TransactionLedger ledger;
    private final int round;
    private final Random random;
    private final List<KafkaProducer<String, String>> producers = new CopyOnWriteArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean crashing;
    private volatile boolean closed;

    /** @param round tells producers of one round from those of another */
    TransactionLoad(String bootstrap, TransactionLedger ledger, int round, long seed) {
        this.bootstrap = bootstrap;
        this.ledger = ledger;
        this.round = round;
        this.random = new Random(seed);
    }

    static List<TopicPartition> partitions() {
        return IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(TOPIC, i)).toList();
    }

    static String transactionalId(int producer) {
        return "crash-" + producer;
    }

    /** The group whose offset for partition 0 tells the next unit of a producer, committed in the transaction of the unit before. */
    static String group(int producer) {
        return "crash-progress-" + producer;
    }

    /** A producer that is ready; what its predecessor of the same name left open is decided then. */
    static KafkaProducer<String, String> transactional(String bootstrap, int producer) {
        Map<String, Object> configs = configs(bootstrap);
        configs.put("transactional.id", transactionalId(producer));
        KafkaProducer<String, String> ready = new KafkaProducer<>(configs, new StringSerializer(),
                new StringSerializer());
        ready.initTransactions();
        return ready;
    }

    private static Map<String, Object> configs(String bootstrap) {
        return new HashMap<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "enable.metrics.push", false, "linger.ms", 0,
                        "max.block.ms", 20_000));
    }

    static KafkaConsumer<String, String> consumer(String bootstrap) {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap,
                "isolation.level", "read_committed", "enable.metrics.push", false, "fetch.max.wait.ms", 50),
                new StringDeserializer(), new StringDeserializer());
        consumer.assign(partitions());
        consumer.seekToBeginning(partitions());
        return consumer;
    }

    /** @param units the number of the next unit of each producer with transactions */
    void start(Map<Integer, Long> units) {
        for (int i = 0; i < TRANSACTIONAL; i++) {
            int producer = i;
            KafkaProducer<String, String> ready = transactional(bootstrap, producer);
            producers.add(ready);
            long seed = random.nextLong();
            run(() -> transactions(ready, producer, units.getOrDefault(producer, 0L), new Random(seed)));
        }
        KafkaProducer<String, String> idempotent = new KafkaProducer<>(configs(bootstrap), new StringSerializer(),
                new StringSerializer());
        producers.add(idempotent);
        long seed = random.nextLong();
        run(() -> idempotent(idempotent, new Random(seed)));
        run(this::consume);
    }

    private interface Work {
        void run() throws Exception;
    }

    private void run(Work work) {
        threads.execute(() -> {
            try {
                work.run();
            } catch (Exception e) {
                if (!crashing) {
                    complaints.add(e.toString());
                }
            }
        });
    }

    private void transactions(KafkaProducer<String, String> producer, int number, long first, Random random) {
        ConsumerGroupMetadata progress = metadata(group(number));
        for (long unit = first; !closed; unit++) {
            int count = 1 + random.nextInt(RECORDS_MAX);
            ledger.begun(number, unit);
            try {
                producer.beginTransaction();
                for (int i = 0; i < count; i++) {
                    send(producer, new Mark(number, unit, i, count), random);
                }
                if (random.nextInt(100) < ABORTED) {
                    producer.abortTransaction();
                } else {
                    producer.sendOffsetsToTransaction(
                            Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(unit + 1)),
                            progress);
                    ledger.committing(number, unit);
                    producer.commitTransaction();
                    ledger.confirmed(number, unit);
                }
            } catch (KafkaException e) { // as Kafka tells producers to do: where it is fatal, this fails too
                if (crashing) {
                    throw e;
                }
                producer.abortTransaction();
            }
        }
    }

    /** A group without members. */
    private ConsumerGroupMetadata metadata(String group) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "group.id", group,
                        "enable.metrics.push", false),
                new StringDeserializer(), new StringDeserializer())) {
            return consumer.groupMetadata();
        }
    }

    private static void send(KafkaProducer<String, String> producer, Mark mark, Random random) {
        int partition = Math.floorMod(mark.unit() * 7 + mark.index() * 5L, PARTITIONS);
        producer.send(
                new ProducerRecord<>(TOPIC, partition, null, mark.text() + "x".repeat(random.nextInt(PADDING_MAX))));
    }

    private void idempotent(KafkaProducer<String, String> producer, Random random) throws InterruptedException {
        int number = IDEMPOTENT + round;
        for (long unit = 0; !closed; unit++) {
            long sent = unit;
            ledger.begun(number, unit);
            ledger.committing(number, unit);
            producer.send(new ProducerRecord<>(TOPIC, (int) (unit % PARTITIONS), null,
                    new Mark(number, unit, 0, 1).text() + "x".repeat(random.nextInt(PADDING_MAX))), (_, failure) -> {
                        if (failure == null) {
                            ledger.confirmed(number, sent);
                        } else if (!crashing) {
                            complaints.add(failure.toString());
                        }
                    });
            if (unit % 10 == 0) {
                Thread.sleep(1);
            }
        }
    }

    private void consume() {
        KafkaConsumer<String, String> consumer = consumer(bootstrap);
        try {
            while (!closed) {
                consumer.poll(Duration.ofMillis(50)).forEach(record -> ledger.seen(
                        new Place(new TopicPartition(record.topic(), record.partition()), record.offset()),
                        Mark.read(record.value())));
            }
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    /** From now on nothing that fails is a complaint. */
    void crashing() {
        crashing = true;
    }

    /** What went wrong while the broker was there. */
    List<String> complaints() {
        return new ArrayList<>(complaints);
    }

    @Override
    public void close() throws InterruptedException {
        crashing = true;
        closed = true;
        producers.forEach(producer -> producer.close(Duration.ZERO));
        threads.shutdown();
        if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("clients did not end");
        }
    }
}
