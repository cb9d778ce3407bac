// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.amqp.ConnectionState.AwaitingOpen;
import io.relais.amqp.ConnectionState.AwaitingTuneOk;
import io.relais.amqp.codec.ConnectionMethod;
import io.relais.amqp.codec.ReplyCode;
import io.relais.broker.Broker.Identity;
import io.relais.broker.ConnectionInfo;
import io.relais.broker.Refusal;
import io.relais.broker.Reply;
import io.relais.broker.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From the protocol header to connection.open-ok (AMQP 0-9-1 2.2.4, 1.4.2): who the client is, what both sides can take, which virtual host.
 *
 * <p>Thread: the owner.
 */
final class Handshake {
    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);
    private static final String LOCALE = "en_US";

    private final AmqpConnection connection;
    private final AmqpContext context;
    private final Peer peer;

    Handshake(AmqpConnection connection, AmqpContext context, Peer peer) {
        this.connection = connection;
        this.context = context;
        this.peer = peer;
    }

    void start() {
        connection.send(
                new ConnectionMethod.Start(0, 9, context.serverProperties(), Sasl.MECHANISMS, LOCALE));
    }

    void startOk(ConnectionMethod.StartOk m) {
        ClientProperties client = context.clients().shared(new ClientProperties(m.clientProperties()));
        Sasl.credentials(m.mechanism(), m.response()).ifPresentOrElse(
                credentials -> login(client, m.mechanism(), credentials), () -> loginFailed(client, m.mechanism()));
    }

    private void login(ClientProperties client, String mechanism, Sasl.Credentials credentials) {
        PendingReply<@Nullable Identity> answer = connection.reply(identity -> {
            if (identity == null) {
                loginFailed(client, mechanism);
            } else {
                connection.become(new AwaitingTuneOk(client, identity));
                connection.send(Tuning.offer(context.settings()));
            }
        }, _ -> {
        });
        context.broker().login(credentials.user(), credentials.password(), peer.loopback(), new Reply<>() {
            @Override
            public void done(Identity identity) {
                answer.done(identity);
            }

            @Override
            public void refused(Refusal refusal) {
                if (refusal instanceof Refusal.AccessRefused) {
                    LOG.warn("{}: login refused: {}", peer.name(), refusal.text());
                    answer.done(null);
                } else {
                    answer.refused(refusal);
                }
            }
        });
    }

    /** Clients that know of it are told; others find the socket closed, which they take as this (RabbitMQ: authentication failure notifications). */
    private void loginFailed(ClientProperties client, String mechanism) {
        if (client.can(ClientProperties.AUTHENTICATION_FAILURE_CLOSE)) {
            connection.fail(ReplyCode.ACCESS_REFUSED,
                    "ACCESS_REFUSED - Login was refused using authentication mechanism " + mechanism
                            + ". For details see the broker logfile.",
                    0);
        } else {
            connection.close();
        }
    }

    void tuneOk(AwaitingTuneOk state, ConnectionMethod.TuneOk m) {
        Tuning tuning = Tuning.agree(context.settings(), m);
        connection.become(new AwaitingOpen(state.client(), state.identity(), tuning));
        connection.startHeartbeats(tuning.heartbeatSeconds());
    }

    void open(AwaitingOpen state, ConnectionMethod.Open m) {
        ConnectionInfo info = new ConnectionInfo("AMQP 0-9-1", peer.name(), peer.address(), peer.loopback(),
                state.client().fields());
        context.broker().open(state.identity(), m.virtualHost(), info, connection.<Session>reply(
                session -> connection.running(state.client(), state.tuning(), session), Session::close));
    }
}
