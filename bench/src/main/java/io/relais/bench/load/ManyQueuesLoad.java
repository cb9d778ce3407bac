// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;

/**
 * As much as goes through many durable queues, each with one producer and one consumer: persistent 1 KB messages, at most 10 unconfirmed per producer, prefetch
 * 10, every message acknowledged by itself. PerfTest cannot ask for more than 10 messages per second of each of 1,000 producers, and needs more CPU to do it.
 *
 * <p>Arguments: URI, PREFIX of queue names, number of queues, seconds of lead (not measured), seconds.
 */
public final class ManyQueuesLoad {
    private static final int CONNECTIONS = 10;
    private static final int UNCONFIRMED = 10;
    private static final int PREFETCH = 10;
    private static final byte[] BODY = new byte[1024];
    private static final long FULL_NAP_NS = 200_000;

    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private volatile boolean stopping;

    private ManyQueuesLoad() {}

    public static void main(String[] args) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(args[0]);
        factory.setAutomaticRecoveryEnabled(false);
        new ManyQueuesLoad().run(factory, args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]),
                Integer.parseInt(args[4]));
        System.exit(0);
    }

    private void run(ConnectionFactory factory, String prefix, int queues, int leadSeconds, int seconds)
            throws Exception {
        ExecutorService consumers = Executors.newFixedThreadPool(2);
        List<Connection> consuming = connections(factory, consumers);
        List<Connection> producing = connections(factory, consumers);
        List<Producer> producers = new ArrayList<>();
        for (int i = 1; i <= queues; i++) {
            String queue = prefix + i;
            consume(consuming.get(i % CONNECTIONS).createChannel(), queue);
            producers.add(new Producer(producing.get(i % CONNECTIONS).createChannel(), queue));
        }
        Thread publisher = Thread.ofPlatform().name("publisher").start(() -> publish(producers));
        Thread.sleep(1_000L * leadSeconds);
        System.out.println(OwnLoad.BEGIN);
        long sentBefore = sent.sum();
        long receivedBefore = received.sum();
        long beganNs = System.nanoTime();
        Thread.sleep(1_000L * seconds);
        double tookSeconds = (System.nanoTime() - beganNs) / 1e9;
        System.out.println(OwnLoad.END + " " + (sent.sum() - sentBefore) + " " + (received.sum() - receivedBefore) + " "
                + tookSeconds);
        stopping = true;
        publisher.join();
    }

    private static List<Connection> connections(ConnectionFactory factory, ExecutorService consumers) throws Exception {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.add(factory.newConnection(consumers));
        }
        return connections;
    }

    private void consume(Channel channel, String queue) throws IOException {
        channel.queueDeclare(queue, true, false, false, null);
        channel.basicQos(PREFETCH);
        channel.basicConsume(queue, false, new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties properties,
                    byte[] body)
                    throws IOException {
                channel.basicAck(envelope.getDeliveryTag(), false);
                received.increment();
            }
        });
    }

    /** One message to each producer with room in turn; a short nap when none has any. */
    private void publish(List<Producer> producers) {
        try {
            while (!stopping) {
                boolean any = false;
                for (Producer producer : producers) {
                    any |= producer.publish();
                }
                if (!any) {
                    LockSupport.parkNanos(FULL_NAP_NS);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private final class Producer {
        private final Channel channel;
        private final String queue;
        private final AtomicInteger unconfirmed = new AtomicInteger();

        Producer(Channel channel, String queue) throws IOException {
            this.channel = channel;
            this.queue = queue;
            channel.confirmSelect();
            ConfirmedTags tags = new ConfirmedTags();
            channel.addConfirmListener(
                    (tag, multiple) -> tags.confirm(tag, multiple, _ -> unconfirmed.decrementAndGet()), (tag, _) -> {
                        throw new IllegalStateException("refused: message " + tag + " to " + queue);
                    });
        }

        boolean publish() throws IOException {
            if (unconfirmed.get() >= UNCONFIRMED) {
                return false;
            }
            unconfirmed.incrementAndGet();
            channel.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, BODY);
            sent.increment();
            return true;
        }
    }
}
