// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** What a broker holds, as plain values for listings. */
public interface Inventory {

    /** A queue. Counts are -1 where no broker runs that could count. */
    record QueueInfo(String name, String type, boolean durable, boolean exclusive, boolean autoDelete,
            Map<String, @Nullable Object> arguments, long ready, long unacknowledged, int consumers) {}

    /** An exchange; the default one has an empty name. */
    record ExchangeInfo(String name, String type, boolean durable, boolean autoDelete, boolean internal,
            Map<String, @Nullable Object> arguments) {}

    /** A binding. The implicit ones of the default exchange are not listed. */
    record BindingInfo(String source, String destinationKind, String destination, String routingKey,
            Map<String, @Nullable Object> arguments) {}

    /** A connection. The number names it in {@link Administration#closeConnection}. */
    record ConnectionEntry(long number, String user, String vhost, ConnectionInfo connection) {}

    /** A consumer. */
    record ConsumerInfo(String queue, String tag, boolean acknowledges, boolean exclusive) {}

    void queues(String vhost, Reply<List<QueueInfo>> reply);

    void exchanges(String vhost, Reply<List<ExchangeInfo>> reply);

    void bindings(String vhost, Reply<List<BindingInfo>> reply);

    /** All connections, oldest first; none where no broker runs. */
    void connections(Reply<List<ConnectionEntry>> reply);

    void consumers(String vhost, Reply<List<ConsumerInfo>> reply);
}
