// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.Base64;

import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.BasicMethod;
import io.relais.amqp.codec.ReplyCode;
import io.relais.broker.ConsumeRequest;
import io.relais.broker.queue.Consumer;
import io.relais.broker.queue.MessageQueue;
import io.relais.broker.queue.QueueSettings;

/** The methods of class basic by which a client gets messages: consume, cancel, get, qos, recover. Thread: the owner. */
final class ConsumeCommands {
    private static final int TAG_BYTES = 16;

    private final AmqpChannel channel;
    private final ConsumerRegistry consumers;
    private final QueueCommands queues;
    private int prefetch;

    ConsumeCommands(AmqpChannel channel, ConsumerRegistry consumers, QueueCommands queues) {
        this.channel = channel;
        this.consumers = consumers;
        this.queues = queues;
    }

    /** Prefetch counts as RabbitMQ does: with {@code global} for the channel, otherwise for each consumer that begins from now on. */
    void qos(BasicMethod.Qos m) {
        if (m.prefetchSize() != 0) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "prefetch_size!=0 (" + m.prefetchSize() + ")");
        }
        if (m.global()) {
            channel.deliveries().channelPrefetch(m.prefetchCount());
        } else {
            prefetch = m.prefetchCount();
        }
        channel.send(new BasicMethod.QosOk());
    }

    void consume(BasicMethod.Consume m) {
        String tag = m.consumerTag().isEmpty() ? randomTag() : m.consumerTag();
        if (consumers.find(tag) != null || channel.directReply().hasTag(tag)) {
            throw new AmqpException(ReplyCode.NOT_ALLOWED, "attempt to reuse consumer tag '" + tag + "'");
        }
        if (m.queue().equals(DirectReply.NAME)) {
            channel.directReply().consume(tag, m.noAck());
            consuming(tag, m.noWait());
            return;
        }
        ChannelConsumer target = new ChannelConsumer(channel.deliveries(), tag, m.noAck(), prefetch);
        channel.session().consume(
                new ConsumeRequest(queues.named(m.queue()), tag, m.noAck(), m.exclusive(), m.arguments()), target,
                channel.<Consumer>reply(consumer -> {
                    requirePrefetchSupport(consumer);
                    target.begun(consumer);
                    consumers.add(target);
                    consuming(tag, m.noWait());
                }, Consumer::cancel));
    }

    /** Quorum queues know no prefetch of a channel (RabbitMQ: quorum queues, "Feature Comparison"). */
    private void requirePrefetchSupport(Consumer consumer) {
        MessageQueue queue = consumer.queue();
        if (channel.deliveries().hasChannelPrefetch() && queue.settings().type() == QueueSettings.Type.QUORUM) {
            consumer.cancel();
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED,
                    "queue '" + queue.name() + "' in vhost '" + queue.vhost() + "' does not support global qos");
        }
    }

    private void consuming(String tag, boolean noWait) {
        if (!noWait) {
            channel.send(new BasicMethod.ConsumeOk(tag));
        }
    }

    private String randomTag() {
        byte[] bytes = new byte[TAG_BYTES];
        channel.random().nextBytes(bytes);
        return "amq.ctag-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    void cancel(BasicMethod.Cancel m) {
        ChannelConsumer consumer = consumers.remove(m.consumerTag());
        if (consumer != null) {
            consumer.cancel();
        } else if (channel.directReply().hasTag(m.consumerTag())) {
            channel.directReply().end();
        }
        if (!m.noWait()) {
            channel.send(new BasicMethod.CancelOk(m.consumerTag()));
        }
    }

    void get(BasicMethod.Get m) {
        channel.session().get(queues.named(m.queue()), m.noAck(), channel.reply(got -> {
            if (got == null) {
                channel.send(new BasicMethod.GetEmpty());
            } else {
                channel.deliveries().got(got, m.noAck());
            }
        }, got -> {
            if (got != null && !m.noAck()) {
                got.queue().requeue(got.delivery().offset(), true);
            }
        }));
    }

    /** Both forms of recover; without requeue it is not offered, as in RabbitMQ. */
    void recover(boolean requeue) {
        if (!requeue) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "requeue=false");
        }
        channel.deliveries().requeueAll();
    }
}
