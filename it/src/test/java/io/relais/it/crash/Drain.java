// SPDX-License-Identifier: Apache-2.0
package io.relais.it.crash;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
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
                List<Promise> promises = new ArrayList<>();
                for (GetResponse next = channel.basicGet(queue, true); next != null; next = channel.basicGet(queue,
                        true)) {
                    promises.add(Promise.read(queue, new String(next.getBody(), StandardCharsets.US_ASCII)));
                }
                found.put(queue, promises);
            }
        }
        return found;
    }
}
