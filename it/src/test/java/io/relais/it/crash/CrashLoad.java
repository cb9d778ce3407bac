// SPDX-License-Identifier: Apache-2.0
package io.relais.it.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import io.relais.it.fixture.TestBroker.Address;

/**
 * Publishers with confirms, a publisher with transactions, and consumers that acknowledge, requeue, drop or hold what they get. Everything they are promised goes
 * to a {@link Ledger}. They end when their connection breaks.
 */
final class CrashLoad implements AutoCloseable {
    static final List<String> QUEUES = List.of("crash.one", "crash.two", "crash.three");
    private static final String FAN_OUT = "crash.all";
    /** Persistent messages a publisher has unconfirmed at most. */
    private static final int WINDOW = 200;
    private static final int PUBLISHERS = 3;
    private static final int TRANSACTION_SIZE = 10;
    private static final int PREFETCH = 50;
    private static final int PADDING_MAX = 2_000;

    private final ConnectionFactory factory;
    private final Ledger ledger;
    private final Random random;
    private final int round;
    private final List<Connection> connections = new ArrayList<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** @param round tells publishers of one round from those of another: each starts at sequence 0 */
    CrashLoad(Address address, Ledger ledger, int round, long seed) {
        this.factory = factory(address);
        this.ledger = ledger;
        this.round = round;
        this.random = new Random(seed);
    }

    static ConnectionFactory factory(Address address) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.host());
        factory.setPort(address.port());
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }

    /** Declares what survives: once it has returned, the queues are durable. */
    void declare() throws Exception {
        Channel channel = connect();
        channel.exchangeDeclare(FAN_OUT, "fanout", true);
        for (String queue : QUEUES) {
            channel.queueDeclare(queue, true, false, false, Map.of());
            channel.queueBind(queue, FAN_OUT, "");
        }
    }

    void start() throws Exception {
        for (String queue : QUEUES) {
            if (random.nextInt(3) == 0) {
                continue; // nobody comes for this one in this round: it keeps a backlog
            }
            Channel channel = connect();
            channel.basicQos(PREFETCH);
            channel.basicConsume(queue, false, new Moody(channel, queue, random.nextLong()));
        }
        for (int i = 0; i < PUBLISHERS; i++) {
            int publisher = round * 100 + i;
            Channel channel = connect();
            long seed = random.nextLong();
            run(() -> publishWithConfirms(channel, publisher, new Random(seed)));
        }
        Channel channel = connect();
        long seed = random.nextLong();
        run(() -> publishWithTransactions(channel, round * 100 + PUBLISHERS, new Random(seed)));
    }

    /** What went wrong other than that the broker was gone. */
    List<String> complaints() {
        return complaints;
    }

    private Channel connect() throws IOException, TimeoutException {
        Connection connection = factory.newConnection();
        connections.add(connection);
        return connection.createChannel();
    }

    private interface Work {
        void run() throws Exception;
    }

    private void run(Work work) {
        threads.execute(() -> {
            try {
                work.run();
            } catch (ShutdownSignalException | IOException _) {
                // the broker is gone: that is what these tests are about
            } catch (Exception e) {
                complaints.add(e.toString());
            }
        });
    }

    private void publishWithConfirms(Channel channel, int publisher, Random random) throws Exception {
        NavigableMap<Long, List<Promise>> unconfirmed = new ConcurrentSkipListMap<>();
        Semaphore window = new Semaphore(WINDOW);
        channel.confirmSelect();
        channel.addConfirmListener((tag, multiple) -> {
            NavigableMap<Long, List<Promise>> confirmed = multiple
                    ? unconfirmed.headMap(tag, true)
                    : unconfirmed.subMap(tag, true, tag, true);
            for (List<Promise> promises : new TreeMap<>(confirmed).values()) {
                promises.forEach(ledger::confirmed);
                window.release();
            }
            confirmed.clear();
        }, (tag, _) -> complaints.add("publish " + tag + " of publisher " + publisher + " was refused"));
        for (long sequence = 0; channel.isOpen(); sequence++) {
            if (window.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                List<Promise> promises = promises(publisher, sequence, random);
                unconfirmed.put(channel.getNextPublishSeqNo(), promises);
                publish(channel, promises, random);
            } else {
                sequence--;
            }
        }
    }

    private void publishWithTransactions(Channel channel, int publisher, Random random) throws Exception {
        channel.txSelect();
        for (long sequence = 0; channel.isOpen();) {
            List<Promise> committing = new ArrayList<>();
            for (int i = 0; i < TRANSACTION_SIZE; i++) {
                List<Promise> promises = promises(publisher, sequence++, random);
                committing.addAll(promises);
                publish(channel, promises, random);
            }
            channel.txCommit();
            committing.forEach(ledger::confirmed);
        }
    }

    /** The message's places: one queue in turn, or now and then all. */
    private static List<Promise> promises(int publisher, long sequence, Random random) {
        if (random.nextInt(10) == 0) {
            return QUEUES.stream().map(queue -> new Promise(queue, publisher, sequence)).toList();
        }
        return List.of(new Promise(QUEUES.get((int) (sequence % QUEUES.size())), publisher, sequence));
    }

    private void publish(Channel channel, List<Promise> promises, Random random) throws IOException {
        promises.forEach(ledger::published);
        Promise first = promises.getFirst();
        byte[] body = (first.text() + "x".repeat(random.nextInt(PADDING_MAX))).getBytes(StandardCharsets.US_ASCII);
        AMQP.BasicProperties properties = MessageProperties.PERSISTENT_BASIC;
        if (promises.size() == 1) {
            channel.basicPublish("", first.queue(), properties, body);
        } else {
            channel.basicPublish(FAN_OUT, "", properties, body);
        }
    }

    /** Acknowledges most, drops or requeues some, and holds on to a few. */
    private final class Moody extends DefaultConsumer {
        private static final int HELD_MAX = PREFETCH / 2;

        private final String queue;
        private final Random random;
        private int held;

        Moody(Channel channel, String queue, long seed) {
            super(channel);
            this.queue = queue;
            this.random = new Random(seed);
        }

        @Override
        public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                throws IOException {
            Promise promise = Promise.read(queue, new String(body, StandardCharsets.US_ASCII));
            try {
                settle(promise, envelope.getDeliveryTag());
            } catch (AlreadyClosedException _) {
                // the broker went while this delivery waited
            }
        }

        private void settle(Promise promise, long tag) throws IOException {
            int mood = random.nextInt(100);
            if (mood < 2 && held < HELD_MAX) {
                held++;
            } else if (mood < 8) {
                getChannel().basicNack(tag, false, true);
            } else {
                ledger.acknowledged(promise); // before it is sent: it may take effect from now on
                if (mood < 12) {
                    getChannel().basicReject(tag, false);
                } else {
                    getChannel().basicAck(tag, false);
                }
            }
        }
    }

    /** Forgets the connections; they may be broken already. */
    @Override
    public void close() throws InterruptedException {
        connections.forEach(connection -> connection.abort(0));
        threads.shutdown();
        if (!threads.awaitTermination(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("publishers did not end");
        }
    }
}
