// SPDX-License-Identifier: Apache-2.0
package io.relais.it.contract;

import static com.rabbitmq.client.BuiltinExchangeType.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.relais.it.fixture.Amqp;
import io.relais.it.fixture.AmqpTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns of words with {@code *} for one word and {@code #} for any number (AMQP 0-9-1, 3.1.3.3). */
@AmqpTest
class TopicExchangeTest {

    @ParameterizedTest(name = "{0} / {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            orders.new      | orders.new        | true
            orders.new      | orders            | false
            orders.*        | orders.new        | true
            orders.*        | orders            | false
            orders.*        | orders.new.eu     | false
            orders.*        | orders.           | true
            *.new           | orders.new        | true
            *               | orders            | true
            *               | ''                | false
            ''              | ''                | true
            ''              | a                 | false
            #               | ''                | true
            #               | a.b.c             | true
            orders.#        | orders            | true
            orders.#        | orders.new.eu     | true
            orders.#        | order             | false
            #.eu            | eu                | true
            #.eu            | orders.new.eu     | true
            #.eu            | orders.eu.new     | false
            a.#.z           | a.z               | true
            a.#.z           | a.b.c.z           | true
            a.#.z           | a.b.c             | false
            a.*.#           | a                 | false
            a.*.#           | a.b               | true
            a.*.#           | a.b.c.d           | true
            #.*             | ''                | false
            #.*             | a                 | true
            #.#             | ''                | true
            *.*             | a.b               | true
            *.*             | a                 | false
            #.a.#           | b.a.c             | true
            #.a.#           | b.c               | false
            a.*.c           | a..c              | true
            a*              | ab                | false
            a*              | a*                | true
            """)
    void aPatternMatchesAKeyOrNot(String pattern, String key, boolean matches, Amqp amqp) throws Exception {
        String exchange = amqp.exchange(TOPIC);
        String queue = amqp.queueBoundTo(exchange, pattern);

        amqp.publish(exchange, key, "m");

        assertThat(amqp.drain(queue)).hasSize(matches ? 1 : 0);
    }

    @Test
    void aQueueWithSeveralMatchingPatternsGetsOneCopy(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(TOPIC);
        String queue = amqp.queueBoundTo(exchange, "a.*", "a.#", "*.b", "#", "a.b");

        amqp.publish(exchange, "a.b", "m");

        assertThat(amqp.drain(queue)).containsExactly("m");
    }

    @Test
    void unbindingOnePatternKeepsTheOthers(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(TOPIC);
        String queue = amqp.queueBoundTo(exchange, "a.*", "#.b");

        amqp.channel().queueUnbind(queue, exchange, "a.*");
        amqp.publish(exchange, "a.c", "1");
        amqp.publish(exchange, "a.b", "2");

        assertThat(amqp.drain(queue)).containsExactly("2");
    }

    @Test
    void aPatternBoundTwiceIsGoneAfterOneUnbind(Amqp amqp) throws Exception {
        String exchange = amqp.exchange(TOPIC);
        String queue = amqp.queueBoundTo(exchange, "a.*", "a.*");

        amqp.channel().queueUnbind(queue, exchange, "a.*");
        amqp.publish(exchange, "a.b", "m");

        assertThat(amqp.drain(queue)).isEmpty();
    }
}
