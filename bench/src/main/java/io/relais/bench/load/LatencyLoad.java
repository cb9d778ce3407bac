// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import io.relais.bench.report.Figure;
import org.HdrHistogram.Histogram;

/**
 * Latency at a fixed rate: persistent publishes with confirms to one durable queue, one consumer with prefetch 500 that acknowledges every 100th.
 *
 * <p>Arguments: URI, QUEUE, messages per second, seconds of lead (not measured), seconds, bytes of body.
 */
public final class LatencyLoad {
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(5);
    private static final int PREFETCH = 500;
    private static final int ACK_EVERY = 100;
    private static final int LAST_WITHIN_S = 60;

    private final String queue;
    private final int perSecond;
    private final int lead;
    private final int total;
    private final int bodyBytes;
    private final OpenLoop schedule;
    private final Histogram delivered = new Histogram(LONGEST_NS, 3);
    private final Histogram confirmed = new Histogram(LONGEST_NS, 3);
    private final CountDownLatch deliveries;
    private final CountDownLatch confirms;

    private LatencyLoad(String queue, int perSecond, int leadSeconds, int seconds, int bodyBytes) {
        this.queue = queue;
        this.perSecond = perSecond;
        this.lead = perSecond * leadSeconds;
        this.total = lead + perSecond * seconds;
        this.bodyBytes = bodyBytes;
        this.deliveries = new CountDownLatch(total);
        this.confirms = new CountDownLatch(total);
        this.schedule = OpenLoop.startingIn(TimeUnit.MILLISECONDS.toNanos(200), perSecond);
    }

    public static void main(String[] args) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(args[0]);
        try (Connection producing = factory.newConnection(); Connection consuming = factory.newConnection()) {
            new LatencyLoad(args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]),
                    Integer.parseInt(args[5])).run(producing.createChannel(), consuming.createChannel());
        }
    }

    private void run(Channel producer, Channel consumer) throws IOException, InterruptedException {
        consumer.queueDeclare(queue, true, false, false, null);
        consumer.basicQos(PREFETCH);
        consumer.basicConsume(queue, false, new Receiver(consumer));
        producer.confirmSelect();
        ConfirmedTags tags = new ConfirmedTags();
        producer.addConfirmListener((tag, multiple) -> tags.confirm(tag, multiple, this::confirmed), (tag, _) -> {
            throw new IllegalStateException("refused: message " + tag);
        });
        publish(producer);
        boolean all = deliveries.await(LAST_WITHIN_S, TimeUnit.SECONDS)
                && confirms.await(LAST_WITHIN_S, TimeUnit.SECONDS);
        int measured = total - lead;
        System.out.println(
                OwnLoad.END + " " + measured + " " + (measured - Math.min(measured, deliveries.getCount())) + " "
                        + (double) measured / perSecond);
        if (!all) {
            throw new IllegalStateException(
                    deliveries.getCount() + " not delivered, " + confirms.getCount() + " not confirmed");
        }
        print(Figure.DELIVER_P50, delivered, 50);
        print(Figure.DELIVER_P99, delivered, 99);
        print(Figure.DELIVER_P999, delivered, 99.9);
        print(Figure.CONFIRM_P50, confirmed, 50);
        print(Figure.CONFIRM_P99, confirmed, 99);
        print(Figure.CONFIRM_P999, confirmed, 99.9);
        consumer.queueDelete(queue);
    }

    /** Delivery tags of confirms count from 1, as the schedule does, so a tag alone tells when its message was due. */
    private void publish(Channel producer) throws IOException {
        for (int message = 1; message <= total; message++) {
            schedule.await(message);
            if (message == lead + 1) {
                System.out.println(OwnLoad.BEGIN);
            }
            byte[] body = new byte[bodyBytes];
            ByteBuffer.wrap(body).putInt(message);
            producer.basicPublish("", queue, MessageProperties.PERSISTENT_BASIC, body);
        }
    }

    private void confirmed(long deliveryTag) {
        record(confirmed, deliveryTag);
        confirms.countDown();
    }

    private void record(Histogram histogram, long message) {
        if (message > lead) {
            histogram.recordValue(Math.min(LONGEST_NS, Math.max(0, System.nanoTime() - schedule.dueNs(message))));
        }
    }

    private static void print(Figure figure, Histogram histogram, double percentile) {
        System.out.println(OwnLoad.FIGURE + " " + figure + " " + histogram.getValueAtPercentile(percentile) / 1e6);
    }

    /** Runs on the channel's dispatch thread, one message after the other. */
    private final class Receiver extends DefaultConsumer {
        private int received;

        Receiver(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
                throws IOException {
            record(delivered, ByteBuffer.wrap(body).getInt());
            if (++received % ACK_EVERY == 0 || received == total) {
                getChannel().basicAck(envelope.getDeliveryTag(), true);
            }
            deliveries.countDown();
        }
    }
}
