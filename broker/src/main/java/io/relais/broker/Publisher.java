// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import io.relais.broker.PublishOutcome.Kind;
import io.relais.broker.Session.ReplyTarget;
import io.relais.broker.exchange.DefaultExchange;
import io.relais.broker.exchange.Exchange;
import io.relais.broker.exchange.Router;
import io.relais.broker.queue.Route;
import io.relais.broker.security.Permission.Access;
import io.relais.broker.store.Shard;
import org.jspecify.annotations.Nullable;

/**
 * Publishes for one session. Where the last message went is remembered with the versions of topology and permissions, so that the next one for the same exchange and key costs two comparisons of strings and allocates nothing.
 *
 * <p>Thread: the owner. Memory: at most {@value #WRITABLE_MAX} exchanges the user was found to be allowed to write to.
 */
final class Publisher {
    private static final int WRITABLE_MAX = 64;

    private final VirtualHost vhost;
    private final SessionAccess access;
    private final Shard shard;
    private final Router router;
    private final PropertiesCodec codec;
    private final PublishOutcome outcome = new PublishOutcome();
    private final MessageDelivery delivery = new MessageDelivery();
    private final Map<String, Exchange> writable = new HashMap<>();
    private final Supplier<Map<String, @Nullable Object>> headers = this::headersOfCurrent;
    private Message current = new Message();

    private String lastExchange = "";
    private String lastRoutingKey = "";
    private @Nullable Route lastRoute;
    private long routerVersion = -1;
    private long accessVersion = -1;

    Publisher(VirtualHost vhost, SessionAccess access) {
        this.vhost = vhost;
        this.access = access;
        this.shard = vhost.shard();
        this.router = vhost.topology().router();
        this.codec = vhost.codec();
    }

    PublishOutcome publish(Message message) {
        if (message.hasHeaders() && CarbonCopies.mayBeIn(message.properties())
                && CarbonCopies.areIn(message.headers(codec))) {
            return publishCopies(message);
        }
        if (routerVersion != router.version() || accessVersion != access.version()) {
            forget();
        }
        Route route = lastRoute;
        if (route != null && message.routingKey().equals(lastRoutingKey) && message.exchange().equals(lastExchange)) {
            return append(route, message);
        }
        return publishElsewhere(message);
    }

    private void forget() {
        writable.clear();
        lastRoute = null;
        routerVersion = router.version();
        accessVersion = access.version();
    }

    private PublishOutcome publishElsewhere(Message message) {
        Exchange exchange = writable(message.exchange());
        if (exchange == null) {
            return outcome;
        }
        if (exchange instanceof DefaultExchange && message.routingKey().startsWith(DirectReplies.PREFIX)) {
            return reply(message);
        }
        current = message;
        Route route = router.route(exchange, message.routingKey(), headers);
        if (router.repeatable()) {
            lastExchange = message.exchange();
            lastRoutingKey = message.routingKey();
            lastRoute = route;
        }
        return append(route, message);
    }

    /** The exchange, where it exists and the user may publish to it; else null, and the outcome says why. */
    private @Nullable Exchange writable(String name) {
        Exchange known = writable.get(name);
        if (known != null) {
            return known;
        }
        try {
            access.checkExchange(Access.WRITE, name);
            Exchange exchange = vhost.requireExchange(name);
            if (exchange.traits().internal()) {
                throw RefusedException
                        .accessRefused("cannot publish to internal " + vhost.exchangeText(name));
            }
            if (writable.size() < WRITABLE_MAX) {
                writable.put(name, exchange);
            }
            return exchange;
        } catch (RefusedException e) {
            outcome.refuse(e.refusal());
            return null;
        }
    }

    private PublishOutcome append(Route route, Message message) {
        if (route.size() == 0) {
            return outcome.set(Kind.UNROUTABLE, 0);
        }
        long ticket = route.publish(shard, message);
        return ticket == Route.REJECTED ? outcome.set(Kind.REJECTED, 0) : outcome.set(Kind.ROUTED, ticket);
    }

    private PublishOutcome reply(Message message) {
        ReplyTarget target = vhost.directReplies().target(message.routingKey());
        boolean taken = target != null && target.deliver(delivery.of(message));
        return outcome.set(taken ? Kind.ROUTED : Kind.UNROUTABLE, 0);
    }

    private PublishOutcome publishCopies(Message message) {
        if (routerVersion != router.version() || accessVersion != access.version()) {
            forget();
        }
        Exchange exchange = writable(message.exchange());
        if (exchange == null) {
            return outcome;
        }
        Map<String, @Nullable Object> all = message.headers(codec);
        Refusal problem = CarbonCopies.problem(all);
        if (problem != null) {
            return outcome.refuse(problem);
        }
        List<String> routingKeys = CarbonCopies.routingKeys(message.routingKey(), all);
        current = message;
        Route route = router.route(exchange, routingKeys, headers);
        boolean replied = exchange instanceof DefaultExchange && replyToAll(routingKeys, message);
        append(route, all, message);
        return replied && outcome.kind() == Kind.UNROUTABLE ? outcome.set(Kind.ROUTED, 0) : outcome;
    }

    /** Appends a message without the header that consumers must not see. */
    private void append(Route route, Map<String, @Nullable Object> all, Message message) {
        if (!CarbonCopies.hasHidden(all)) {
            append(route, message);
            return;
        }
        ByteBuf original = message.properties();
        ByteBuf visible = codec.rewrite(original, CarbonCopies.visible(all), true);
        try {
            replaceProperties(message, visible);
            append(route, message);
        } finally {
            replaceProperties(message, original);
            visible.release();
        }
    }

    private static void replaceProperties(Message message, ByteBuf properties) {
        message.content(properties, message.body(), message.persistent(), message.hasHeaders(),
                message.expirationMs(), message.priority());
    }

    private boolean replyToAll(List<String> routingKeys, Message message) {
        boolean taken = false;
        for (String key : routingKeys) {
            ReplyTarget target = key.startsWith(DirectReplies.PREFIX) ? vhost.directReplies().target(key) : null;
            taken |= target != null && target.deliver(delivery.of(message));
        }
        return taken;
    }

    private Map<String, @Nullable Object> headersOfCurrent() {
        return current.headers(codec);
    }
}
