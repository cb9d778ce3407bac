// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import java.util.List;

import io.relais.broker.Delivery;
import io.relais.broker.DeliveryTarget;
import io.relais.broker.Message;
import io.relais.broker.Refusal;
import io.relais.broker.Reply;
import io.relais.broker.queue.DeadLettering.Reason;
import io.relais.broker.store.Durability;
import io.relais.broker.store.QueueLog;
import io.relais.broker.store.RecordView;
import io.relais.broker.store.Shard;
import org.jspecify.annotations.Nullable;

/**
 * A queue: a log of its own with one subscription. It decides who gets what, and when a message is given up.
 *
 * <p>Thread: the owner. Memory: under 1 KB, besides its consumers and the extents of its log; nothing per waiting message.
 */
public final class MessageQueue {
    private final QueueHost host;
    private final Shard shard;
    private final String vhost;
    private final String name;
    private final boolean autoDelete;
    private final QueueSettings settings;
    private final QueueLog log;
    private final Subscription subscription;
    private final ConsumerRing consumers = new ConsumerRing();
    private final QueueTimers timers;
    private final @Nullable LengthLimit bytes;
    private final @Nullable DeadLettering deadLettering;
    private final Runnable pass = this::pass;
    private boolean passDue;
    private boolean loading;
    private boolean mayExpire;
    private boolean hadConsumers;
    private boolean deleted;

    /**
     * Creates a queue over its log.
     *
     * @param logNumber a number never used for another queue, in this or any earlier life of the data folder: boot epoch in the upper 32 bits, a counter in the lower
     * @param durable   whether its persistent messages survive a restart
     */
    public MessageQueue(QueueHost host, String vhost, String name, long logNumber, boolean durable, boolean autoDelete,
            QueueSettings settings) {
        this.host = host;
        this.shard = host.shard();
        this.vhost = vhost;
        this.name = name;
        this.autoDelete = autoDelete;
        this.settings = settings;
        this.log = shard.log(logNumber, durability(durable, settings));
        this.subscription = new Subscription(log);
        this.timers = new QueueTimers(host.owner(), settings.expiresMs(), this::schedulePass, this::expireUnused);
        this.deadLettering = settings.deadLetterExchange() == null
                ? null
                : new DeadLettering(this, host, settings.deadLetterExchange(), settings.deadLetterRoutingKey());
        this.bytes = settings.maxLengthBytes() < 0 ? null : new LengthLimit();
        this.mayExpire = settings.messageTtlMs() >= 0 || log.liveCount() > 0;
        if (bytes != null && log.liveCount() > 0) {
            loading = true;
            bytes.measure(log, log.head(), log.nextOffset(), this::loaded);
        }
        if (mayExpire) {
            schedulePass();
        }
    }

    private static Durability durability(boolean durable, QueueSettings settings) {
        if (!durable) {
            return Durability.NONE;
        }
        return settings.type() == QueueSettings.Type.QUORUM ? Durability.ALL_MESSAGES : Durability.PERSISTENT_MESSAGES;
    }

    public String vhost() {
        return vhost;
    }

    public String name() {
        return name;
    }

    public QueueSettings settings() {
        return settings;
    }

    /** Messages ready to be delivered. */
    public long messageCount() {
        return subscription.readyCount();
    }

    /** Messages delivered and not acknowledged. */
    public long unacknowledgedCount() {
        return subscription.outstandingCount();
    }

    public int consumerCount() {
        return consumers.size();
    }

    /** Its consumers, in the order they came. */
    public List<Consumer> consumers() {
        return consumers.list();
    }

    QueueLog log() {
        return log;
    }

    // ---- publishing

    /** Whether it takes this message, or is full and refuses. */
    boolean admits(Message message) {
        if (settings.overflow() == QueueSettings.Overflow.DROP_HEAD || !isFullWith(1, message.body().readableBytes())) {
            return true;
        }
        deliver();
        if (!isFullWith(1, message.body().readableBytes())) {
            return true;
        }
        if (settings.overflow() == QueueSettings.Overflow.REJECT_PUBLISH_DLX && deadLettering != null) {
            deadLettering.publish(message, Reason.MAXLEN);
        }
        return false;
    }

    /** A message was appended to its log. */
    void appended(Message message) {
        if (bytes != null) {
            bytes.appended(message.body().readableBytes());
        }
        mayExpire |= message.expirationMs() >= 0;
        if (isFullWith(0, 0)) {
            deliver();
            dropHead();
        }
        if (consumers.mayTake() || mayExpire) {
            schedulePass();
        }
    }

    private boolean isFullWith(int moreMessages, int moreBytes) {
        return (settings.maxLength() >= 0 && subscription.readyCount() + moreMessages > settings.maxLength())
                || (bytes != null && bytes.readyBytes() + moreBytes > settings.maxLengthBytes());
    }

    private void dropHead() {
        while (isFullWith(0, 0) && subscription.readyCount() > 0) {
            long offset = subscription.next();
            if (deadLettering == null && bytes == null) {
                subscription.pass(offset);
                log.acknowledge(offset);
                continue;
            }
            RecordView message = look(offset);
            if (message == null) {
                return;
            }
            giveUp(offset, message, Reason.MAXLEN);
        }
    }

    // ---- consuming

    /** Begins a consumer. Refused where it, or one that is there, is exclusive. Deliveries begin after this returns. */
    public void subscribe(String tag, DeliveryTarget target, boolean noAck, boolean exclusive, Reply<Consumer> reply) {
        if (consumers.hasExclusive() || (exclusive && !consumers.isEmpty())) {
            reply.refused(
                    new Refusal.ExclusiveConsumer("queue '" + name + "' in vhost '" + vhost + "' in exclusive use"));
            return;
        }
        Consumer consumer = new Consumer(this, tag, target, noAck, exclusive);
        consumers.add(consumer);
        hadConsumers = true;
        timers.used(false);
        reply.done(consumer);
        schedulePass();
    }

    void resumed(Consumer consumer) {
        consumers.resumed(consumer);
        schedulePass();
    }

    void ended(Consumer consumer) {
        consumers.remove(consumer);
        if (!deleted && consumers.isEmpty()) {
            timers.used(true);
            if (autoDelete && hadConsumers) {
                host.unused(this);
            }
        }
    }

    /** Takes the first ready message, or null where there is none, as the value of the reply; valid during the call. With {@code noAck} it is acknowledged already. */
    public void get(boolean noAck, Reply<@Nullable Delivery> reply) {
        touch();
        for (long offset = deleted
                ? Subscription.NONE
                : subscription.next(); offset != Subscription.NONE; offset = subscription.next()) {
            RecordView message = log.view(offset);
            if (message == null) {
                log.load(offset, () -> get(noAck, reply));
                return;
            }
            if (mayExpire && isExpired(message)) {
                giveUp(offset, message, Reason.EXPIRED);
                continue;
            }
            hand(offset, message);
            reply.done(message);
            if (noAck) {
                acknowledge(offset);
            }
            return;
        }
        reply.done(null);
    }

    /** The message was dealt with: it is removed for good. */
    public void acknowledge(long offset) {
        if (deleted) {
            return;
        }
        subscription.settled();
        if (bytes != null) {
            bytes.settled(offset);
        }
        log.acknowledge(offset);
    }

    /**
     * The message goes back to its place in the queue.
     *
     * @param countDelivery whether this counts towards the delivery limit of a quorum queue
     */
    public void requeue(long offset, boolean countDelivery) {
        if (deleted) {
            return;
        }
        boolean exhausted = countDelivery && settings.type() == QueueSettings.Type.QUORUM
                && log.countDelivery(offset) > settings.deliveryLimit()
                && settings.deliveryLimit() >= 0;
        if (exhausted) {
            discard(offset, Reason.DELIVERY_LIMIT);
            return;
        }
        subscription.giveBack(offset);
        if (bytes != null) {
            bytes.givenBack(offset);
        }
        if (settings.maxLength() >= 0 || bytes != null) {
            dropHead();
        }
        schedulePass();
    }

    /** The consumer refused the message for good: it is dead-lettered with reason rejected, or dropped where there is no dead-letter exchange. */
    public void reject(long offset) {
        if (!deleted) {
            discard(offset, Reason.REJECTED);
        }
    }

    private void discard(long offset, Reason reason) {
        if (deadLettering == null) {
            acknowledge(offset);
            return;
        }
        RecordView message = log.view(offset);
        if (message == null) {
            log.load(offset, () -> {
                if (!deleted && log.isLive(offset)) {
                    discard(offset, reason);
                }
            });
            return;
        }
        deadLettering.publish(message, reason);
        acknowledge(offset);
    }

    // ---- the pass: who gets what now

    private void schedulePass() {
        if (!passDue && !deleted) {
            passDue = true;
            shard.atEndOfRound(pass);
        }
    }

    private void pass() {
        passDue = false;
        if (deleted || loading) {
            return;
        }
        deliver();
        if (mayExpire) {
            expireHead();
        }
    }

    private void deliver() {
        while (consumers.mayTake()) {
            long offset = subscription.next();
            if (offset == Subscription.NONE) {
                return;
            }
            RecordView message = look(offset);
            if (message == null) {
                return;
            }
            if (mayExpire && isOverdue(message)) {
                giveUp(offset, message, Reason.EXPIRED);
                continue;
            }
            Consumer consumer = consumers.next();
            if (consumer == null) {
                return;
            }
            hand(offset, message);
            consumer.target().deliver(consumer, message);
            if (consumer.noAck()) {
                acknowledge(offset);
            }
        }
    }

    private void hand(long offset, RecordView message) {
        message.delivered(offset < log.deliveredBelow(),
                settings.type() == QueueSettings.Type.QUORUM ? log.deliveryCount(offset) : 0);
        subscription.take(offset);
        if (bytes != null) {
            bytes.taken(offset, message.bodyLength());
        }
    }

    private void expireHead() {
        for (long offset = subscription.next(); offset != Subscription.NONE; offset = subscription.next()) {
            RecordView message = look(offset);
            if (message == null) {
                return;
            }
            if (!isExpired(message)) {
                long expiry = expiry(message);
                if (expiry < Long.MAX_VALUE) {
                    timers.headExpiresAt(expiry, shard.nowMs());
                }
                return;
            }
            giveUp(offset, message, Reason.EXPIRED);
        }
        mayExpire = settings.messageTtlMs() >= 0;
    }

    /** A ready message leaves the queue without having been delivered. */
    private void giveUp(long offset, RecordView message, Reason reason) {
        if (bytes != null) {
            bytes.passed(message.bodyLength());
        }
        subscription.pass(offset);
        if (deadLettering != null) {
            deadLettering.publish(message, reason);
        }
        log.acknowledge(offset);
    }

    private long expiry(RecordView message) {
        long expiry = message.expiryMs() < 0 ? Long.MAX_VALUE : message.expiryMs();
        return settings.messageTtlMs() < 0 ? expiry : Math.min(expiry, message.timestampMs() + settings.messageTtlMs());
    }

    private boolean isExpired(RecordView message) {
        return expiry(message) <= shard.nowMs();
    }

    /** As {@link #isExpired}, but for a message that came in this very round: with a time to live of 0 it may still be delivered, only not wait. */
    private boolean isOverdue(RecordView message) {
        return isExpired(message) && message.timestampMs() < shard.nowMs();
    }

    private @Nullable RecordView look(long offset) {
        RecordView message = log.view(offset);
        if (message == null && !loading) {
            loading = true;
            log.load(offset, this::loaded);
        }
        return message;
    }

    private void loaded() {
        loading = false;
        schedulePass();
    }

    // ---- the queue as a whole

    /** Removes all ready messages. Returns how many. */
    public long purge() {
        touch();
        if (bytes != null) {
            bytes.purged();
        }
        return subscription.purge();
    }

    /** Deletes what it holds and cancels its consumers, telling their targets. Returns how many ready messages it held. */
    public long delete() {
        long ready = subscription.readyCount();
        deleted = true;
        timers.cancel();
        consumers.removeAll().forEach(Consumer::cancelledByQueue);
        subscription.clear();
        log.delete();
        return ready;
    }

    /** Restarts the clock of x-expires: a redeclare or a get is a use. */
    public void touch() {
        timers.used(consumers.isEmpty());
    }

    private void expireUnused() {
        if (!deleted && consumers.isEmpty()) {
            host.unused(this);
        }
    }
}
