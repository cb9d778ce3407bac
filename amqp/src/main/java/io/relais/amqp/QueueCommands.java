// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.function.LongFunction;

import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.Method;
import io.relais.amqp.codec.QueueMethod;
import io.relais.amqp.codec.ReplyCode;
import io.relais.broker.QueueDeclaration;
import io.relais.broker.QueueStatus;
import io.relais.broker.Reply;
import org.jspecify.annotations.Nullable;

/** The methods of class queue. Thread: the owner. */
final class QueueCommands {
    private final AmqpChannel channel;
    private String lastDeclared = "";

    QueueCommands(AmqpChannel channel) {
        this.channel = channel;
    }

    void handle(QueueMethod method) {
        switch (method) {
            case QueueMethod.Declare m -> declare(m);
            case QueueMethod.Bind m -> bind(m);
            case QueueMethod.Unbind m -> unbind(m);
            case QueueMethod.Purge m -> channel.session().purgeQueue(named(m.queue()),
                    counted(m.noWait(), QueueMethod.PurgeOk::new));
            case QueueMethod.Delete m -> channel.session().deleteQueue(named(m.queue()), m.ifUnused(), m.ifEmpty(),
                    counted(m.noWait(), QueueMethod.DeleteOk::new));
            case QueueMethod.DeclareOk _,QueueMethod.BindOk _,QueueMethod.UnbindOk _,QueueMethod.PurgeOk _,QueueMethod.DeleteOk _ ->
                throw AmqpChannel.notForServers();
        }
    }

    /** The queue meant: an empty name is the queue last declared on the channel (AMQP 0-9-1 1.7.2.2). @throws AmqpException 404 where there is none */
    String named(String queue) {
        if (!queue.isEmpty()) {
            return queue;
        }
        if (lastDeclared.isEmpty()) {
            throw new AmqpException(ReplyCode.NOT_FOUND, "no previously declared queue");
        }
        return lastDeclared;
    }

    private void declare(QueueMethod.Declare m) {
        Reply<QueueStatus> reply = channel.reply(status -> declared(m.noWait(), status));
        if (m.passive()) {
            channel.session().checkQueue(m.queue(), reply);
        } else {
            channel.session().declareQueue(
                    new QueueDeclaration(m.queue(), m.durable(), m.exclusive(), m.autoDelete(), m.arguments()), reply);
        }
    }

    private void declared(boolean noWait, QueueStatus status) {
        lastDeclared = status.name();
        if (!noWait) {
            channel.send(new QueueMethod.DeclareOk(status.name(), status.messageCount(), status.consumerCount()));
        }
    }

    private void bind(QueueMethod.Bind m) {
        channel.session().bindQueue(named(m.queue()), m.exchange(), key(m.queue(), m.routingKey()), m.arguments(),
                answer(m.noWait(), new QueueMethod.BindOk()));
    }

    private void unbind(QueueMethod.Unbind m) {
        channel.session().unbindQueue(named(m.queue()), m.exchange(), key(m.queue(), m.routingKey()), m.arguments(),
                answer(false, new QueueMethod.UnbindOk()));
    }

    /** With neither queue nor key, the last declared queue is both (AMQP 0-9-1 1.7.2.3). */
    private String key(String queue, String routingKey) {
        return queue.isEmpty() && routingKey.isEmpty() ? lastDeclared : routingKey;
    }

    private Reply<@Nullable Void> answer(boolean noWait, Method ok) {
        return channel.reply(_ -> {
            if (!noWait) {
                channel.send(ok);
            }
        });
    }

    private Reply<Long> counted(boolean noWait, LongFunction<Method> ok) {
        return channel.reply(count -> {
            if (!noWait) {
                channel.send(ok.apply(count));
            }
        });
    }
}
