// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.amqp.codec.ExchangeMethod;
import io.relais.amqp.codec.Method;
import io.relais.broker.ExchangeDeclaration;
import io.relais.broker.Reply;
import org.jspecify.annotations.Nullable;

/** The methods of class exchange. Thread: the owner. */
final class ExchangeCommands {
    private final AmqpChannel channel;

    ExchangeCommands(AmqpChannel channel) {
        this.channel = channel;
    }

    void handle(ExchangeMethod method) {
        switch (method) {
            case ExchangeMethod.Declare m -> declare(m);
            case ExchangeMethod.Delete m -> channel.session().deleteExchange(m.exchange(), m.ifUnused(),
                    answer(m.noWait(), new ExchangeMethod.DeleteOk()));
            case ExchangeMethod.Bind m -> channel.session().bindExchange(m.destination(), m.source(), m.routingKey(),
                    m.arguments(), answer(m.noWait(), new ExchangeMethod.BindOk()));
            case ExchangeMethod.Unbind m ->
                channel.session().unbindExchange(m.destination(), m.source(), m.routingKey(),
                        m.arguments(), answer(m.noWait(), new ExchangeMethod.UnbindOk()));
            case ExchangeMethod.DeclareOk _,ExchangeMethod.DeleteOk _,ExchangeMethod.BindOk _,ExchangeMethod.UnbindOk _ ->
                throw AmqpChannel.notForServers();
        }
    }

    private void declare(ExchangeMethod.Declare m) {
        Reply<@Nullable Void> reply = answer(m.noWait(), new ExchangeMethod.DeclareOk());
        if (m.passive()) {
            channel.session().checkExchange(m.exchange(), reply);
        } else {
            channel.session().declareExchange(new ExchangeDeclaration(m.exchange(), m.type(), m.durable(),
                    m.autoDelete(), m.internal(), m.arguments()), reply);
        }
    }

    private Reply<@Nullable Void> answer(boolean noWait, Method ok) {
        return channel.reply(_ -> {
            if (!noWait) {
                channel.send(ok);
            }
        });
    }
}
