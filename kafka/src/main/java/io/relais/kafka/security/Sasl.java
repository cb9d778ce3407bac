// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.broker.Broker;
import io.relais.broker.runtime.Owner;
import io.relais.kafka.security.SaslState.Authenticated;
import io.relais.kafka.security.SaslState.Checking;
import io.relais.kafka.security.SaslState.Exchanging;
import io.relais.kafka.security.SaslState.Failed;
import io.relais.kafka.security.SaslState.None;
import io.relais.kafka.wire.Connection;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Authentication by SASL inside Kafka's protocol: SaslHandshake names a mechanism, SaslAuthenticate carries its tokens (KIP-43, KIP-152); where sessions have an end, the same happens again on the open
 * connection (KIP-368). What comes in the wrong order ends the connection, as in Kafka.
 *
 * <p>Thread: the owner. Bounds: a token has at most {@value #TOKEN_MAX_BYTES} bytes ({@code sasl.server.max.receive.size}); one is checked at a time for each connection, which is not read meanwhile.
 */
public final class Sasl {
    /** The longest request that is taken before authentication. */
    public static final int TOKEN_MAX_BYTES = 512 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(Sasl.class);
    private static final long AGAIN_AFTER_NS = TimeUnit.SECONDS.toNanos(1);

    private final Owner owner;
    private final Broker broker;
    private final Clients clients;
    private final ScramCredentials credentials;
    private final SaslSettings settings;

    public Sasl(Owner owner, Broker broker, Clients clients, ScramCredentials credentials, SaslSettings settings) {
        this.owner = owner;
        this.broker = broker;
        this.clients = clients;
        this.credentials = credentials;
        this.settings = settings;
    }

    /** Whether a request may go to its handler now. Where not, it was answered, or the connection closed. */
    public boolean admits(Request request) {
        Client client = clients.of(request.connection());
        ApiKeys key = request.key();
        return switch (client.sasl()) {
            case None _ -> key == ApiKeys.API_VERSIONS || key == ApiKeys.SASL_HANDSHAKE
                    || needsNone(request, client) || refuse(request, "during SASL handshake");
            case Exchanging exchanging -> (key == ApiKeys.SASL_AUTHENTICATE && exchanging.wrapped())
                    || refuseWithAnswer(request);
            case Checking _,Failed _ -> refuse(request, "before the end of its SASL authentication");
            case Authenticated session -> key == ApiKeys.SASL_HANDSHAKE || owner.clock().nowNs() < session.expiresNs()
                    || refuse(request, "after the end of its session");
        };
    }

    private boolean needsNone(Request request, Client client) {
        if (client.listener().authenticates() && client.certificateSubject() != null) {
            clients.authenticated(request.connection());
            return true;
        }
        return !client.listener().authenticates();
    }

    private static boolean refuse(Request request, String when) {
        LOG.info("closing the connection of {}: {} {}", request.connection().remoteAddress(), request.key(), when);
        request.connection().close();
        return false;
    }

    private static boolean refuseWithAnswer(Request request) {
        request.fail(Errors.ILLEGAL_SASL_STATE,
                "Unexpected Kafka request of type " + request.key() + " during SASL authentication.");
        request.connection().close();
        return false;
    }

    /** SaslHandshake: agrees on a mechanism. */
    public void handshake(Request request) {
        Client client = clients.of(request.connection());
        Authenticated before = client.sasl() instanceof Authenticated session ? session : null;
        SaslHandshakeResponseData response = new SaslHandshakeResponseData().setMechanisms(SaslSettings.MECHANISMS);
        if (before != null && !mayAuthenticateAgain(before)) {
            request.respond(response.setErrorCode(Errors.ILLEGAL_SASL_STATE.code()));
            return;
        }
        String mechanism = request.data(SaslHandshakeRequestData.class).mechanism();
        Exchange exchange = exchange(mechanism, client);
        if (exchange == null || (before != null && !before.mechanism().equals(mechanism))) {
            later(client, () -> {
                request.respond(response.setErrorCode(Errors.UNSUPPORTED_SASL_MECHANISM.code()));
                request.connection().close();
            });
            return;
        }
        client.sasl(new Exchanging(exchange, request.version() > 0, before));
        request.respond(response);
    }

    private boolean mayAuthenticateAgain(Authenticated session) {
        return settings.sessionMs() > 0 && owner.clock().nowNs() - session.sinceNs() >= AGAIN_AFTER_NS;
    }

    private @Nullable Exchange exchange(String mechanism, Client client) {
        boolean loopback = client.address().isLoopbackAddress();
        if (mechanism.equals(PlainExchange.MECHANISM)) {
            return new PlainExchange(broker, loopback);
        }
        ScramMechanism scram = ScramMechanism.forMechanismName(mechanism);
        return scram == null
                ? null
                : new ScramExchange(scram, user -> loopback || !settings.loopbackUsers().contains(user)
                        ? credentials.find(user, mechanism)
                        : null);
    }

    /** SaslAuthenticate: takes the next token. */
    public void authenticate(Request request) {
        Client client = clients.of(request.connection());
        if (!(client.sasl() instanceof Exchanging exchanging)) {
            request.fail(Errors.ILLEGAL_SASL_STATE,
                    "SaslAuthenticate request received without, or after, a successful handshake");
            return;
        }
        byte[] token = request.data(SaslAuthenticateRequestData.class).authBytes();
        if (token.length > TOKEN_MAX_BYTES) {
            refuse(request, "with a token of " + token.length + " bytes");
            return;
        }
        next(request.connection(), client, exchanging, token, new Answer() {
            @Override
            public void token(byte[] reply, long sessionMs) {
                request.respond(new SaslAuthenticateResponseData().setAuthBytes(reply).setSessionLifetimeMs(sessionMs));
            }

            @Override
            public void failed(String why) {
                request.fail(Errors.SASL_AUTHENTICATION_FAILED, why);
            }
        });
    }

    /** Takes a frame that is a bare token, as it comes after a handshake of version 0; returns false for any other, which stays the caller's. */
    public boolean takes(Connection connection, ByteBuf frame) {
        Client client = clients.of(connection);
        if (!(client.sasl() instanceof Exchanging exchanging) || exchanging.wrapped()) {
            return false;
        }
        byte[] token = new byte[Math.min(frame.readableBytes(), TOKEN_MAX_BYTES + 1)];
        frame.readBytes(token);
        frame.release();
        if (token.length > TOKEN_MAX_BYTES) {
            connection.close();
            return true;
        }
        next(connection, client, exchanging, token, new Answer() {
            @Override
            public void token(byte[] reply, long sessionMs) {
                connection.writeFrame(Unpooled.wrappedBuffer(reply));
            }

            @Override
            public void failed(String why) {
                // the old form has no word for it: the connection ends
            }
        });
        return true;
    }

    /** How a client is told. */
    private interface Answer {
        void token(byte[] reply, long sessionMs);

        void failed(String why);
    }

    private void next(Connection connection, Client client, Exchanging exchanging, byte[] token, Answer answer) {
        client.sasl(new Checking(exchanging.before()));
        connection.pause();
        exchanging.exchange().next(token, new Exchange.Verdict() {
            @Override
            public void challenge(byte[] reply) {
                client.sasl(exchanging);
                connection.resume();
                answer.token(reply, 0);
            }

            @Override
            public void authenticated(String user, byte[] reply) {
                KafkaPrincipal principal = new KafkaPrincipal(KafkaPrincipal.USER_TYPE, user);
                Authenticated before = exchanging.before();
                if (before != null && !before.principal().equals(principal)) {
                    failed("Cannot change principals during re-authentication from " + dotted(before.principal()) + ": "
                            + dotted(principal));
                    return;
                }
                long now = owner.clock().nowNs();
                long sessionMs = settings.sessionMs();
                client.sasl(new Authenticated(principal, exchanging.exchange().mechanism(), now,
                        sessionMs == 0 ? Long.MAX_VALUE : now + TimeUnit.MILLISECONDS.toNanos(sessionMs)));
                connection.resume();
                clients.authenticated(connection);
                answer.token(reply, sessionMs);
            }

            @Override
            public void failed(String why) {
                LOG.info("authentication of {} by {} failed", connection.remoteAddress(),
                        exchanging.exchange().mechanism());
                later(client, () -> {
                    answer.failed(why);
                    connection.close();
                });
            }
        });
    }

    private static String dotted(KafkaPrincipal principal) {
        return principal.getPrincipalType() + "." + principal.getName();
    }

    private void later(Client client, Runnable action) {
        client.sasl(new Failed());
        owner.schedule(settings.failureDelayMs(), action);
    }
}
