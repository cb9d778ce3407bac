// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A Kafka Streams program with a state store and exactly-once semantics: the running sum of numbers by key. It runs as a process of its own that is killed on the way.
 * Usage: {@code java -cp … Check.java HOST:PORT}; the last line is "N passed, N failed".
 */
final class Check {
    private static final int RECORDS = 3_000;
    private static final int KEYS = 7;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String bootstrap;
    private final String run = UUID.randomUUID().toString().substring(0, 8);

    private Check(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 1) {
            new Check(args[0]).all();
        } else {
            work(args[0], args[1], args[2], args[3], args[4]);
        }
    }

    private void all() throws Exception {
        int failed = 0;
        failed += behaviour("a running sum is exact though the program is killed twice", "classic", Process::destroyForcibly);
        failed += behaviour("and though it is stopped twice, in a group that the broker assigns (KIP-1071)", "streams", Check::stop);
        System.out.println((2 - failed) + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }

    private int behaviour(String name, String protocol, UnaryOperator<Process> end) {
        try {
            sums(protocol, end);
            System.out.println("ok      kafka streams: " + name);
            return 0;
        } catch (Exception | AssertionError e) {
            System.out.println("FAILED  kafka streams: " + name);
            e.printStackTrace(System.out);
            return 1;
        }
    }

    private void sums(String protocol, UnaryOperator<Process> end) throws Exception {
        String application = "sums-" + protocol + "-" + run;
        String in = application + "-in";
        String out = application + "-out";
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(in, 2, (short) 1), new NewTopic(out, 2, (short) 1))).all().get();
        }
        Map<String, Long> sums = send(in);
        Path state = Files.createTempDirectory("relais-streams");
        Process worker = start(application, protocol, in, out, state);
        try (KafkaConsumer<String, Long> results = results(out)) {
            List<Result> seen = new ArrayList<>();
            for (int part = 1; part <= 2; part++) {
                await(results, seen, part * RECORDS / 4);
                end.apply(worker).waitFor();
                worker = start(application, protocol, in, out, state);
            }
            await(results, seen, RECORDS);
            check(seen, sums);
        } finally {
            worker.destroyForcibly().waitFor();
            delete(state);
        }
    }

    private static Process stop(Process process) {
        process.destroy();
        return process;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private record Result(String key, long sum) {}

    private Map<String, Long> send(String topic) {
        Map<String, Long> sums = new HashMap<>();
        try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new LongSerializer())) {
            for (long i = 1; i <= RECORDS; i++) {
                String key = "key-" + i % KEYS;
                producer.send(new ProducerRecord<>(topic, key, i));
                sums.merge(key, i, Long::sum);
            }
        }
        return sums;
    }

    private KafkaConsumer<String, Long> results(String topic) {
        var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new StringDeserializer(), new LongDeserializer());
        List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static void await(KafkaConsumer<String, Long> results, List<Result> seen, int count) {
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        while (seen.size() < count) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError(seen.size() + " results came, " + count + " were due");
            }
            results.poll(Duration.ofMillis(50)).forEach(record -> seen.add(new Result(record.key(), record.value())));
        }
    }

    /** Each key's results must be its running sum, step by step: nothing twice, nothing left out. */
    private static void check(List<Result> seen, Map<String, Long> sums) {
        Map<String, Long> expected = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        Map<String, Long> next = new HashMap<>();
        for (Result result : seen) {
            long number = next.computeIfAbsent(result.key(), key -> firstOf(key));
            long sum = expected.merge(result.key(), number, Long::sum);
            if (sum != result.sum()) {
                throw new AssertionError(result.key() + " is " + result.sum() + " where " + sum + " is due");
            }
            next.put(result.key(), number + KEYS);
            last.put(result.key(), result.sum());
        }
        if (!last.equals(sums)) {
            throw new AssertionError("sums are " + last + ", not " + sums);
        }
    }

    private static long firstOf(String key) {
        long remainder = Long.parseLong(key.substring(4));
        return remainder == 0 ? KEYS : remainder;
    }

    private Process start(String application, String protocol, String in, String out, Path state) throws Exception {
        String java = ProcessHandle.current().info().command().orElseThrow();
        return new ProcessBuilder(java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                System.getProperty("jdk.launcher.sourcefile"), bootstrap, application + "/" + protocol, in, out, state.toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void work(String bootstrap, String application, String in, String out, String state) throws Exception {
        Properties config = new Properties();
        config.putAll(Map.of("bootstrap.servers", bootstrap, "application.id", application.split("/")[0], "processing.guarantee", "exactly_once_v2",
                "state.dir", state, "commit.interval.ms", 50, "num.stream.threads", 1, "replication.factor", 1));
        if (application.endsWith("/streams")) {
            config.put("group.protocol", "streams");
        } else {
            config.put("session.timeout.ms", 6_000);
            config.put("heartbeat.interval.ms", 500);
        }
        config.put("max.poll.records", 50);
        config.put("auto.offset.reset", "earliest");
        config.put("producer.transaction.timeout.ms", 6_000);
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(in, Consumed.with(Serdes.String(), Serdes.Long()))
                .peek((key, number) -> pause())
                .groupByKey(Grouped.with(Serdes.String(), Serdes.Long()))
                .reduce(Long::sum, Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("sums")
                        .withKeySerde(Serdes.String()).withValueSerde(Serdes.Long()).withCachingDisabled())
                .toStream().to(out, Produced.with(Serdes.String(), Serdes.Long()));
        KafkaStreams streams = new KafkaStreams(builder.build(), config);
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
        new CountDownLatch(1).await();
    }

    /** So slow that the program is killed in the middle. */
    private static void pause() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
