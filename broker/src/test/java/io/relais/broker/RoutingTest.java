// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static io.relais.broker.TestClient.autoDeleteExchange;
import static io.relais.broker.TestClient.exchange;
import static io.relais.broker.TestClient.queue;
import static io.relais.broker.TestClient.withAlternate;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import io.relais.broker.PublishOutcome.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which queues a message goes to. */
class RoutingTest {
    private static final List<String> QUEUES = List.of("q1", "q2", "q3");

    private final SimulatedBroker broker = SimulatedBroker.start();
    private final TestClient client = broker.client();

    @BeforeEach
    void declareQueues() {
        client.declare(queue("q1"), queue("q2"), queue("q3"));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private List<String> whoGets(String exchange, String key) {
        return client.whoGets(exchange, key, QUEUES);
    }

    @Test
    void theDefaultExchangeReachesEveryQueueByItsName() {
        assertThat(whoGets("", "q2")).containsExactly("q2");
        assertThat(client.publish("", "absent", "")).isEqualTo(Kind.UNROUTABLE);
    }

    @Test
    void aDirectExchangeMatchesTheKey() {
        client.bind("q1", "amq.direct", "red");
        client.bind("q2", "amq.direct", "red");
        client.bind("q3", "amq.direct", "blue");

        assertThat(whoGets("amq.direct", "red")).containsExactly("q1", "q2");
        assertThat(whoGets("amq.direct", "blue")).containsExactly("q3");
        assertThat(whoGets("amq.direct", "green")).isEmpty();
    }

    @Test
    void aFanoutExchangeMatchesEverythingAndAQueueGetsTheMessageOnce() {
        client.bind("q1", "amq.fanout", "a");
        client.bind("q1", "amq.fanout", "b");
        client.bind("q2", "amq.fanout", "");

        assertThat(whoGets("amq.fanout", "any")).containsExactly("q1", "q2");
    }

    @Test
    void aTopicExchangeMatchesPatterns() {
        client.bind("q1", "amq.topic", "issues.*");
        client.bind("q2", "amq.topic", "#.opened");
        client.bind("q3", "amq.topic", "pull.#");

        assertThat(whoGets("amq.topic", "issues.opened")).containsExactly("q1", "q2");
        assertThat(whoGets("amq.topic", "pull")).containsExactly("q3");
    }

    @Test
    void aHeadersExchangeMatchesHeadersAndIgnoresTheKey() {
        client.binding("q1", "amq.headers", "k", Map.of("kind", "a")).value();
        client.binding("q2", "amq.match", "k", Map.of("kind", "a")).value();

        assertThat(client.whoGets("amq.headers", "other", Map.of("kind", "a"), QUEUES)).containsExactly("q1");
        assertThat(client.whoGets("amq.headers", "k", Map.of("kind", "b"), QUEUES)).isEmpty();
        assertThat(client.whoGets("amq.match", "k", Map.of("kind", "a"), QUEUES)).containsExactly("q2");
    }

    @Test
    void aHeadersExchangeBehindAnotherExchangeSeesTheHeadersOfEachMessage() {
        client.declare(exchange("in", "fanout"));
        client.bindExchange("amq.headers", "in", "");
        client.binding("q1", "amq.headers", "", Map.of("n", 1)).value();
        client.binding("q2", "amq.headers", "", Map.of("n", 2)).value();

        assertThat(client.whoGets("in", "k", Map.of("n", 1), QUEUES)).containsExactly("q1");
        assertThat(client.whoGets("in", "k", Map.of("n", 2), QUEUES)).containsExactly("q2");
    }

    @Test
    void exchangesBoundInACircleDeliverOnce() {
        client.declare(exchange("a", "fanout"), exchange("b", "fanout"));
        client.bindExchange("b", "a", "");
        client.bindExchange("a", "b", "");
        client.bind("q1", "a", "");
        client.bind("q1", "b", "");
        client.bind("q2", "b", "");

        assertThat(whoGets("a", "")).containsExactly("q1", "q2");
    }

    @Test
    void whatMatchesNothingGoesToTheAlternateExchange() {
        client.declare(exchange("rest", "fanout"), withAlternate("main", "direct", "rest"));
        client.bind("q1", "main", "known");
        client.bind("q2", "rest", "");

        assertThat(whoGets("main", "known")).containsExactly("q1");
        assertThat(whoGets("main", "unknown")).containsExactly("q2");
    }

    @Test
    void anAlternateExchangeMayComeLaterAndGoAgain() {
        client.declare(withAlternate("main", "direct", "rest"));
        assertThat(whoGets("main", "k")).isEmpty();

        client.declare(exchange("rest", "fanout"));
        client.bind("q1", "rest", "");
        assertThat(whoGets("main", "k")).containsExactly("q1");

        client.deleteExchange("rest");
        assertThat(whoGets("main", "k")).isEmpty();
    }

    @Test
    void theDefaultExchangeAsAnAlternateReachesNobodyAsInRabbitMq() {
        client.declare(withAlternate("main", "direct", ""));

        assertThat(whoGets("main", "q1")).isEmpty();
    }

    @Test
    void whatWasFoundOnceIsForgottenWhenBindingsChange() {
        client.bind("q1", "amq.topic", "a.#");
        assertThat(whoGets("amq.topic", "a.b")).containsExactly("q1");

        client.bind("q2", "amq.topic", "*.b");
        assertThat(whoGets("amq.topic", "a.b")).containsExactly("q1", "q2");

        client.unbind("q1", "amq.topic", "a.#");
        assertThat(whoGets("amq.topic", "a.b")).containsExactly("q2");

        client.deleteQueue("q2");
        assertThat(client.publish("amq.topic", "a.b", "")).isEqualTo(Kind.UNROUTABLE);
    }

    @Test
    void aQueueDeclaredAgainUnderItsNameIsReached() {
        assertThat(whoGets("", "q1")).containsExactly("q1");

        client.deleteQueue("q1");
        assertThat(client.publish("", "q1", "")).isEqualTo(Kind.UNROUTABLE);

        client.declare(queue("q1"));
        assertThat(whoGets("", "q1")).containsExactly("q1");
    }

    @Test
    void copiesGoToEveryKeyOnceAndTheHiddenOnesAreNotShown() {
        client.bind("q1", "amq.direct", "to");
        client.bind("q2", "amq.direct", "cc");
        client.bind("q3", "amq.direct", "bcc");
        client.bind("q1", "amq.direct", "cc");

        PublishOutcome outcome = client.publish("amq.direct", "to", "body",
                Map.of("CC", List.of("cc", "nobody"), "BCC", List.of("bcc")));

        assertThat(outcome.kind()).isEqualTo(Kind.ROUTED);
        broker.settle();
        for (String queue : QUEUES) {
            assertThat(client.getHeaders(queue)).isEqualTo(Map.of("CC", List.of("cc", "nobody")));
            assertThat(client.get(queue)).isNull();
        }
    }

    @Test
    void copiesOfAWrongTypeAreRefusedInRabbitMqsWords() {
        PublishOutcome outcome = client.publish("amq.direct", "k", "", Map.of("CC", "a"));

        assertThat(outcome.refusal()).isEqualTo(new Refusal.PreconditionFailed(
                "invalid message: {unacceptable_type_in_header,\"CC\",longstr}"));
    }

    @Test
    void anAutoDeleteExchangeGoesWithTheLastBindingThatLeavesIt() {
        client.declare(autoDeleteExchange("temporary", "direct"));
        client.bind("q1", "temporary", "a");
        client.bind("q2", "temporary", "b");

        client.unbind("q1", "temporary", "a");
        assertThat(client.exchangeExists("temporary")).isTrue();

        client.deleteQueue("q2");
        assertThat(client.exchangeExists("temporary")).isFalse();
    }

    @Test
    void autoDeleteExchangesInAChainGoOneAfterTheOther() {
        client.declare(autoDeleteExchange("first", "fanout"), autoDeleteExchange("second", "fanout"));
        client.bindExchange("second", "first", "");
        client.bind("q1", "second", "");

        client.unbind("q1", "second", "");

        assertThat(client.exchangeExists("second")).isFalse();
        assertThat(client.exchangeExists("first")).isFalse();
    }

    @Test
    void anInternalExchangeIsReachedByBindingsOnly() {
        client.declare(new ExchangeDeclaration("hidden", "fanout", false, false, true, Map.of()));
        client.bind("q1", "hidden", "");
        client.bindExchange("hidden", "amq.direct", "k");

        assertThat(client.publish("hidden", "k", "", Map.of()).refusal()).isEqualTo(
                new Refusal.AccessRefused("cannot publish to internal exchange 'hidden' in vhost '/'"));
        assertThat(whoGets("amq.direct", "k")).containsExactly("q1");
    }
}
