// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import io.relais.amqp.ConnectionSummary;
import io.relais.log.Damage;
import io.relais.server.control.Operations;
import io.relais.server.listen.Listen;
import org.jspecify.annotations.Nullable;

/** What only a running server can be asked: its state and its connections. */
final class ServerOperations {
    private final Running server;
    private final Replies replies;

    ServerOperations(Running server, Replies replies) {
        this.server = server;
        this.replies = replies;
    }

    Operations addTo(Operations operations) {
        return operations.add("status", _ -> status()).add("list.connections",
                with -> connections(with.texts().get("vhost")));
    }

    private Map<String, Object> status() {
        Optional<String> alarm = replies
                .await(reply -> reply.done(Optional.ofNullable(server.broker().alarms().text())));
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("version", Version.text());
        status.put("pid", ProcessHandle.current().pid());
        status.put("amqp", server.amqp().toString());
        status.put("kafka", server.kafka().isEmpty()
                ? Listen.OFF_WORD
                : server.kafka().values().stream().map(Listen::toString).collect(Collectors.joining(" ")));
        status.put("alarms", alarm.stream().toList());
        status.put("damages", server.damages().stream().map(Damage::toString).toList());
        return status;
    }

    private List<Map<String, @Nullable Object>> connections(@Nullable String vhost) {
        List<ConnectionSummary> all = replies.await(reply -> reply.done(server.frontEnd().connections()));
        return all.stream().filter(each -> vhost == null || vhost.equals(each.vhost())).map(ServerOperations::row)
                .toList();
    }

    private static Map<String, @Nullable Object> row(ConnectionSummary connection) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("name", connection.name());
        row.put("givenName", connection.clientProperties().get("connection_name"));
        row.put("user", connection.user());
        row.put("vhost", connection.vhost());
        row.put("peer", connection.peerAddress());
        row.put("state", connection.state());
        row.put("channels", connection.channelCount());
        row.put("openedMs", connection.openedMs());
        row.put("frameMaxBytes", connection.frameMaxBytes());
        row.put("heartbeatSeconds", connection.heartbeatSeconds());
        row.put("clientProperties", connection.clientProperties());
        return row;
    }
}
