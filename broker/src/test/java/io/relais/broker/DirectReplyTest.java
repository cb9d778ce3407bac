// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static io.relais.broker.TestClient.queue;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.relais.broker.PublishOutcome.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replies that reach a requester without a queue (RabbitMQ: "Direct Reply-to"). */
class DirectReplyTest {
    private final SimulatedBroker broker = SimulatedBroker.start();
    private final TestClient requester = broker.client();
    private final TestClient server = broker.client();
    private final List<String> replies = new ArrayList<>();
    private final String name = requester.session().openReplyTo(delivery -> {
        ByteBuf body = Unpooled.buffer();
        delivery.writeRoutingKey(body);
        body.writeByte('=');
        delivery.writeBody(body, 0, delivery.bodyLength());
        return replies.add(body.toString(StandardCharsets.UTF_8));
    });

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void aReplyReachesTheRequesterAtOnce() {
        assertThat(server.publish("", name, "answer")).isEqualTo(Kind.ROUTED);

        assertThat(replies).containsExactly(name + "=answer");
    }

    @Test
    void theNameCannotBeGuessed() {
        String other = requester.session().openReplyTo(delivery -> true);

        assertThat(name).matches("amq\\.rabbitmq\\.reply-to\\.[A-Za-z0-9_-]{24}").isNotEqualTo(other);
        assertThat(server.publish("", "amq.rabbitmq.reply-to.guess", "")).isEqualTo(Kind.UNROUTABLE);
    }

    @Test
    void declaringTheNameTellsWhetherTheRequesterIsStillThere() {
        assertThat(server.declaring(queue(name)).value()).isEqualTo(new QueueStatus(name, 0, 1));
        assertThat(server.queueExists(name)).isTrue();
        assertThat(server.queueExists("amq.rabbitmq.reply-to")).isTrue();

        requester.close();

        assertThat(server.declaring(queue(name)).refusal())
                .isEqualTo(new Refusal.NotFound("no queue '" + name + "' in vhost '/'"));
        assertThat(server.publish("", name, "late")).isEqualTo(Kind.UNROUTABLE);
    }

    @Test
    void aClosedNameTakesNothingMore() {
        requester.session().closeReplyTo(name);

        assertThat(server.publish("", name, "late")).isEqualTo(Kind.UNROUTABLE);
        assertThat(replies).isEmpty();
    }
}
