// SPDX-License-Identifier: Apache-2.0
package io.relais.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.relais.it.fixture.Inbox;
import io.relais.it.fixture.TestBroker.Address;

/** Takes all there is in the queues after a crash. */
final class Drain {
    private Drain() {}

    /** Takes and acknowledges everything; gives it by queue, in order. */
    static Map<String, List<Promise>> all(Address address) throws Exception {
        Map<String, List<Promise>> found = new HashMap<>();
        try (Connection connection = CrashLoad.factory(address).newConnection();
                Channel channel = connection.createChannel()) {
            for (String queue : CrashLoad.QUEUES) {
                found.put(queue, all(channel, queue));
            }
        }
        return found;
    }

    private static List<Promise> all(Channel channel, String queue) throws Exception {
        long count = channel.messageCount(queue);
        Inbox inbox = new Inbox(channel);
        String consumerTag = channel.basicConsume(queue, true, inbox);
        List<Promise> promises = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            promises.add(Promise.read(queue, inbox.nextBody()));
        }
        inbox.staysEmpty();
        channel.basicCancel(consumerTag);
        assertThat(channel.messageCount(queue)).isZero();
        return promises;
    }
}
