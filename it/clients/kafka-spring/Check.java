// SPDX-License-Identifier: Apache-2.0
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.DefaultShareConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.kafka.listener.ShareKafkaMessageListenerContainer;
import org.springframework.kafka.transaction.KafkaTransactionManager;
import org.springframework.util.backoff.FixedBackOff;

/** Behaviours that programs with Spring Kafka rely on. Usage: {@code java -cp … Check.java HOST:PORT}; the last line is "N passed, N failed". */
final class Check {
    private static final long PATIENCE_S = 20;

    private final String bootstrap;
    private final KafkaAdmin admin;
    private final KafkaTemplate<String, String> template;

    private Check(String bootstrap) {
        this.bootstrap = bootstrap;
        admin = new KafkaAdmin(Map.of("bootstrap.servers", bootstrap));
        template = new KafkaTemplate<>(producers(Map.of()));
    }

    private interface Behaviour {
        void run() throws Exception;
    }

    public static void main(String[] args) {
        Check check = new Check(args[0]);
        Map<String, Behaviour> behaviours = new LinkedHashMap<>();
        behaviours.put("a template sends and a listener gets it", check::sendsAndListens);
        behaviours.put("listeners share the partitions", check::listenersShare);
        behaviours.put("what a listener cannot handle goes to the dead letter topic", check::deadLetters);
        behaviours.put("reading and writing is one transaction", check::transactions);
        behaviours.put("a listener in a group that the broker assigns (KIP-848)", check::newGroups);
        behaviours.put("a listener in a share group (KIP-932)", check::shareGroups);
        int failed = 0;
        for (var behaviour : behaviours.entrySet()) {
            try {
                behaviour.getValue().run();
                System.out.println("ok      kafka spring: " + behaviour.getKey());
            } catch (Exception | AssertionError e) {
                failed++;
                System.out.println("FAILED  kafka spring: " + behaviour.getKey());
                e.printStackTrace(System.out);
            }
        }
        System.out.println((behaviours.size() - failed) + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }

    private DefaultKafkaProducerFactory<String, String> producers(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", bootstrap));
        config.putAll(more);
        return new DefaultKafkaProducerFactory<>(config, new StringSerializer(), new StringSerializer());
    }

    private DefaultKafkaConsumerFactory<String, String> consumers(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"));
        config.putAll(more);
        return new DefaultKafkaConsumerFactory<>(config, new StringDeserializer(), new StringDeserializer());
    }

    private static String name(String purpose) {
        return purpose + "-" + UUID.randomUUID().toString().substring(0, 13);
    }

    private String topic(int partitions) {
        String topic = name("topic");
        admin.createOrModifyTopics(new NewTopic(topic, partitions, (short) 1));
        return topic;
    }

    private ConcurrentMessageListenerContainer<String, String> container(String topic, Map<String, Object> config,
            MessageListener<String, String> listener) {
        ContainerProperties properties = new ContainerProperties(topic);
        properties.setGroupId(name("group"));
        properties.setMessageListener(listener);
        return new ConcurrentMessageListenerContainer<>(consumers(config), properties);
    }

    private static ConsumerRecord<String, String> take(BlockingQueue<ConsumerRecord<String, String>> inbox) throws InterruptedException {
        ConsumerRecord<String, String> record = inbox.poll(PATIENCE_S, TimeUnit.SECONDS);
        if (record == null) {
            throw new AssertionError("nothing came");
        }
        return record;
    }

    private static void same(Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError("expected " + expected + ", got " + actual);
        }
    }

    private void sendsAndListens() throws Exception {
        String topic = topic(1);
        BlockingQueue<ConsumerRecord<String, String>> inbox = new LinkedBlockingQueue<>();
        var container = container(topic, Map.of(), inbox::add);
        container.start();
        try {
            var sent = template.send(topic, "key", "value").get(PATIENCE_S, TimeUnit.SECONDS);
            same(0L, sent.getRecordMetadata().offset());
            ConsumerRecord<String, String> record = take(inbox);
            same("key=value", record.key() + "=" + record.value());
        } finally {
            container.stop();
        }
    }

    private void listenersShare() throws Exception {
        String topic = topic(4);
        BlockingQueue<ConsumerRecord<String, String>> inbox = new LinkedBlockingQueue<>();
        var container = container(topic, Map.of(), inbox::add);
        container.setConcurrency(2);
        container.start();
        try {
            for (int i = 0; i < 40; i++) {
                template.send(topic, i % 4, null, "v" + i).get(PATIENCE_S, TimeUnit.SECONDS);
            }
            for (int i = 0; i < 40; i++) {
                take(inbox);
            }
            same(4, container.getAssignedPartitions().size());
        } finally {
            container.stop();
        }
    }

    private void deadLetters() throws Exception {
        String topic = topic(1);
        String dead = topic(1);
        BlockingQueue<ConsumerRecord<String, String>> inbox = new LinkedBlockingQueue<>();
        var failing = container(topic, Map.of(), record -> {
            throw new IllegalArgumentException("cannot handle " + record.value());
        });
        failing.setCommonErrorHandler(new DefaultErrorHandler(
                new DeadLetterPublishingRecoverer(template, (record, error) -> new TopicPartition(dead, 0)), new FixedBackOff(0, 1)));
        var deadLetters = container(dead, Map.of(), inbox::add);
        failing.start();
        deadLetters.start();
        try {
            template.send(topic, "poison").get(PATIENCE_S, TimeUnit.SECONDS);
            same("poison", take(inbox).value());
        } finally {
            failing.stop();
            deadLetters.stop();
        }
    }

    private void transactions() throws Exception {
        String in = topic(1);
        String out = topic(1);
        var transactional = producers(Map.of());
        transactional.setTransactionIdPrefix(name("tx"));
        KafkaTemplate<String, String> writer = new KafkaTemplate<>(transactional);
        BlockingQueue<ConsumerRecord<String, String>> inbox = new LinkedBlockingQueue<>();
        int[] attempts = {0};
        var container = container(in, Map.of(), record -> {
            writer.send(out, "attempt " + attempts[0]);
            if (attempts[0]++ == 0) {
                throw new IllegalStateException("the first attempt is rolled back");
            }
        });
        container.getContainerProperties().setKafkaAwareTransactionManager(new KafkaTransactionManager<>(transactional));
        var results = container(out, Map.of("isolation.level", "read_committed"), inbox::add);
        container.start();
        results.start();
        try {
            template.send(in, "v").get(PATIENCE_S, TimeUnit.SECONDS);
            same("attempt 1", take(inbox).value());
        } finally {
            container.stop();
            results.stop();
            transactional.destroy();
        }
    }

    private void newGroups() throws Exception {
        String topic = topic(2);
        BlockingQueue<ConsumerRecord<String, String>> inbox = new LinkedBlockingQueue<>();
        var container = container(topic, Map.of("group.protocol", "consumer"), inbox::add);
        container.start();
        try {
            template.send(topic, "v").get(PATIENCE_S, TimeUnit.SECONDS);
            same("v", take(inbox).value());
        } finally {
            container.stop();
        }
    }

    private void shareGroups() throws Exception {
        String topic = topic(1);
        BlockingQueue<ConsumerRecord<String, String>> inbox = new LinkedBlockingQueue<>();
        ContainerProperties properties = new ContainerProperties(topic);
        properties.setGroupId(name("share"));
        properties.setMessageListener((MessageListener<String, String>) inbox::add);
        var container = new ShareKafkaMessageListenerContainer<>(new DefaultShareConsumerFactory<String, String>(Map.of("bootstrap.servers", bootstrap),
                StringDeserializer::new, StringDeserializer::new), properties);
        container.setBeanName("share");
        container.start();
        try {
            for (int i = 0; inbox.isEmpty() && i < PATIENCE_S; i++) {
                template.send(topic, "v").get(PATIENCE_S, TimeUnit.SECONDS); // a new group begins at the end
                Thread.sleep(1_000);
            }
            same("v", take(inbox).value());
        } finally {
            container.stop();
        }
    }
}
