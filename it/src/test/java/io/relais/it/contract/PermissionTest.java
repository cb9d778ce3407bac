// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static com.rabbitmq.client.BuiltinExchangeType.FANOUT;
import static io.relais.it.fixture.Closed.channel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import io.relais.it.fixture.Administration;
import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import io.relais.it.fixture.Closed;
import io.relais.it.fixture.Inbox;
import io.relais.it.fixture.TestBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user may configure, write to and read from. */
@AmqpTest
class PermissionTest {
    private static final String USER = "relais-it-user";

    private final Administration administration;
    private final Amqp amqp;

    PermissionTest(TestBroker broker, Amqp amqp) {
        administration = broker.administration();
        this.amqp = amqp;
    }

    @BeforeEach
    void addUser() {
        administration.addUser(USER, "secret");
        administration.permit(USER, "/", "^$", "^$", "^$");
    }

    @AfterEach
    void deleteUser() {
        administration.deleteUser(USER);
    }

    private ConnectionFactory user() {
        ConnectionFactory factory = amqp.factory();
        factory.setUsername(USER);
        factory.setPassword("secret");
        return factory;
    }

    private Closed refusal(Amqp.ChannelAction action) throws Exception {
        return amqp.refusal(user(), action);
    }

    private static Closed refused(String kind, String name) {
        return channel(403, "ACCESS_REFUSED - access to %s '%s' in vhost '/' refused for user '%s'".formatted(kind,
                name, USER));
    }

    @Test
    void declaringNeedsConfigure() throws Exception {
        String name = amqp.name("thing");

        assertThat(refusal(ch -> ch.queueDeclare(name, false, false, false, null))).isEqualTo(refused("queue", name));
        assertThat(refusal(ch -> ch.exchangeDeclare(name, FANOUT))).isEqualTo(refused("exchange", name));

        administration.permit(USER, "/", "^thing-", "^$", "^$");
        Channel allowed = amqp.connect(user()).createChannel();
        allowed.queueDeclare(name, false, false, false, null);
        allowed.exchangeDeclare(name, FANOUT);
        allowed.queueDelete(name);
    }

    @Test
    void deletingNeedsConfigure() throws Exception {
        String queue = amqp.queue();
        String exchange = amqp.exchange(FANOUT);

        assertThat(refusal(ch -> ch.queueDelete(queue))).isEqualTo(refused("queue", queue));
        assertThat(refusal(ch -> ch.exchangeDelete(exchange))).isEqualTo(refused("exchange", exchange));
    }

    @Test
    void aServerNamedQueueNeedsConfigureOnItsNewName() throws Exception {
        Closed closed = refusal(ch -> ch.queueDeclare("", false, true, true, null));

        assertThat(closed.code()).isEqualTo(403);
        assertThat(closed.text()).startsWith("ACCESS_REFUSED - access to queue 'amq.gen-");
    }

    @Test
    void passiveDeclareNeedsNothing() throws Exception {
        String queue = amqp.queue();

        assertThat(amqp.connect(user()).createChannel().queueDeclarePassive(queue).getQueue()).isEqualTo(queue);
    }

    @Test
    void publishingNeedsWriteOnTheExchange() throws Exception {
        String exchange = amqp.exchange(FANOUT);
        String queue = amqp.queueBoundTo(exchange, "");

        assertThat(refusal(ch -> ch.basicPublish(exchange, "", null, Amqp.bytes("m"))))
                .isEqualTo(refused("exchange", exchange));

        administration.permit(USER, "/", "^$", "^fanout-", "^$");
        amqp.connect(user()).createChannel().basicPublish(exchange, "", null, Amqp.bytes("m"));
        assertThat(Amqp.text(amqp.take(queue))).isEqualTo("m");
    }

    @Test
    void theDefaultExchangeIsCalledByItsNameInRefusals() throws Exception {
        assertThat(refusal(ch -> ch.basicPublish("", "q", null, Amqp.bytes("m"))))
                .isEqualTo(refused("exchange", "amq.default"));
    }

    @Test
    void consumingGettingAndPurgingNeedRead() throws Exception {
        String queue = amqp.queue();

        assertThat(refusal(ch -> ch.basicConsume(queue, new Inbox(ch)))).isEqualTo(refused("queue", queue));
        assertThat(refusal(ch -> ch.basicGet(queue, true))).isEqualTo(refused("queue", queue));
        assertThat(refusal(ch -> ch.queuePurge(queue))).isEqualTo(refused("queue", queue));

        administration.permit(USER, "/", "^$", "^$", "^queue-");
        assertThat(amqp.connect(user()).createChannel().basicGet(queue, true)).isNull();
    }

    @Test
    void bindingNeedsWriteOnTheQueueAndReadOnTheExchange() throws Exception {
        String queue = amqp.queue();
        String exchange = amqp.exchange(FANOUT);

        assertThat(refusal(ch -> ch.queueBind(queue, exchange, ""))).isEqualTo(refused("queue", queue));
        administration.permit(USER, "/", "^$", "^queue-", "^$");
        assertThat(refusal(ch -> ch.queueBind(queue, exchange, ""))).isEqualTo(refused("exchange", exchange));
        administration.permit(USER, "/", "^$", "^queue-", "^fanout-");

        Channel allowed = amqp.connect(user()).createChannel();
        allowed.queueBind(queue, exchange, "");
        allowed.queueUnbind(queue, exchange, "");
    }

    @Test
    void bindingExchangesNeedsWriteOnTheDestinationAndReadOnTheSource() throws Exception {
        String destination = amqp.exchange(FANOUT);
        String source = amqp.name("source");
        amqp.channel().exchangeDeclare(source, FANOUT, false, false, Map.of());

        assertThat(refusal(ch -> ch.exchangeBind(destination, source, "")))
                .isEqualTo(refused("exchange", destination));
        administration.permit(USER, "/", "^$", "^fanout-", "^$");
        assertThat(refusal(ch -> ch.exchangeBind(destination, source, ""))).isEqualTo(refused("exchange", source));
    }

    @Test
    void aDeadLetterExchangeNeedsReadOnTheQueueAndWriteOnTheExchange() throws Exception {
        String queue = amqp.name("queue");
        Map<String, Object> deadLetters = Map.of("x-dead-letter-exchange", "dlx");
        administration.permit(USER, "/", "^queue-", "^$", "^$");

        assertThat(refusal(ch -> ch.queueDeclare(queue, true, false, false, deadLetters)))
                .isEqualTo(refused("queue", queue));
        administration.permit(USER, "/", "^queue-", "^$", "^queue-");
        assertThat(refusal(ch -> ch.queueDeclare(queue, true, false, false, deadLetters)))
                .isEqualTo(refused("exchange", "dlx"));
    }

    @Test
    void anAlternateExchangeNeedsReadOnTheExchangeAndWriteOnTheAlternate() throws Exception {
        String exchange = amqp.name("exchange");
        Map<String, Object> alternate = Map.of("alternate-exchange", "other");
        administration.permit(USER, "/", "^exchange-", "^$", "^$");

        assertThat(refusal(ch -> ch.exchangeDeclare(exchange, FANOUT, false, false, alternate)))
                .isEqualTo(refused("exchange", exchange));
        administration.permit(USER, "/", "^exchange-", "^$", "^exchange-");
        assertThat(refusal(ch -> ch.exchangeDeclare(exchange, FANOUT, false, false, alternate)))
                .isEqualTo(refused("exchange", "other"));
    }

    @Test
    void aPatternMatchesAnywhereInTheNameUnlessAnchored() throws Exception {
        administration.permit(USER, "/", "thing", "^$", "^$");
        String name = amqp.name("something");

        amqp.connect(user()).createChannel().queueDeclare(name, false, false, false, null);
    }

    @Test
    void aUserWithoutPermissionsInAVirtualHostIsNotLetIn() throws Exception {
        administration.addVhost("relais-it-vhost");
        try {
            ConnectionFactory factory = user();
            factory.setVirtualHost("relais-it-vhost");

            assertThatThrownBy(() -> amqp.connect(factory)).rootCause().hasMessageContaining(
                    "NOT_ALLOWED - access to vhost 'relais-it-vhost' refused for user '" + USER + "'");
        } finally {
            administration.deleteVhost("relais-it-vhost");
        }
    }

    @Test
    void virtualHostsKeepTheirThingsApart() throws Exception {
        String queue = amqp.queue();
        administration.addVhost("relais-it-vhost");
        try {
            administration.permit(USER, "relais-it-vhost", ".*", ".*", ".*");
            ConnectionFactory factory = user();
            factory.setVirtualHost("relais-it-vhost");

            assertThat(amqp.refusal(factory, ch -> ch.queueDeclarePassive(queue)))
                    .isEqualTo(channel(404, "NOT_FOUND - no queue '" + queue + "' in vhost 'relais-it-vhost'"));
            amqp.connect(factory).createChannel().exchangeDeclarePassive("amq.topic");
        } finally {
            administration.deleteVhost("relais-it-vhost");
        }
    }

    @Test
    void deletingAVirtualHostEndsItsConnections() throws Exception {
        administration.addVhost("relais-it-vhost");
        administration.permit(USER, "relais-it-vhost", ".*", ".*", ".*");
        ConnectionFactory factory = user();
        factory.setVirtualHost("relais-it-vhost");
        Channel channel = amqp.connect(factory).createChannel();

        Closed closed = Amqp.refusal(channel, _ -> administration.deleteVhost("relais-it-vhost"));

        assertThat(closed.scope()).isEqualTo(Closed.Scope.CONNECTION);
        assertThat(closed.code()).isEqualTo(320);
        assertThat(closed.text()).matches("CONNECTION_FORCED - vhost 'relais-it-vhost' is (deleted|down)");
    }

    @Test
    void permissionsThatChangeCountForNewChannels() throws Exception {
        String queue = amqp.queue();
        Channel before = amqp.connect(user()).createChannel();

        administration.permit(USER, "/", "^$", "^$", ".*");

        assertThat(before.getConnection().createChannel().basicGet(queue, true)).isNull();
    }
}
