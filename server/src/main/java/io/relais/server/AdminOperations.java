// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

import io.relais.broker.Administration;
import io.relais.broker.Administration.PermissionInfo;
import io.relais.broker.Inventory;
import io.relais.broker.Inventory.BindingInfo;
import io.relais.broker.Inventory.ConsumerInfo;
import io.relais.broker.Inventory.ExchangeInfo;
import io.relais.broker.Inventory.QueueInfo;
import io.relais.broker.Reply;
import io.relais.server.control.Operations;
import io.relais.server.control.Operations.Arguments;
import org.jspecify.annotations.Nullable;

/** The operations on users, virtual hosts and permissions, and the listings; the same on a running broker and on the metadata of one that does not run. */
final class AdminOperations {
    private final Administration administration;
    private final Replies replies;

    AdminOperations(Administration administration, Replies replies) {
        this.administration = administration;
        this.replies = replies;
    }

    Operations addTo(Operations operations) {
        return operations
                .add("user.list", _ -> replies.await(administration::users))
                .add("user.add", with -> done(reply -> administration.addUser(with.required("name"),
                        password(with), tags(with), reply)))
                .add("user.password", with -> done(reply -> administration.changePassword(with.required("name"),
                        password(with), reply)))
                .add("user.tags", with -> done(reply -> administration.setTags(with.required("name"), tags(with),
                        reply)))
                .add("user.delete", with -> done(reply -> administration.deleteUser(with.required("name"), reply)))
                .add("user.import-hash", with -> done(reply -> administration.importUser(with.required("name"),
                        with.required("hash"), tags(with), reply)))
                .add("vhost.list", _ -> vhosts().stream().map(name -> Map.of("name", name)).toList())
                .add("vhost.add", with -> done(reply -> administration.addVhost(with.required("name"), reply)))
                .add("vhost.delete", with -> done(reply -> administration.deleteVhost(with.required("name"), reply)))
                .add("permission.list", _ -> replies.await(administration::permissions))
                .add("permission.set", with -> done(reply -> administration.setPermission(new PermissionInfo(
                        with.required("vhost"), with.required("user"), with.required("configure"),
                        with.required("write"), with.required("read")), reply)))
                .add("permission.clear", with -> done(reply -> administration.clearPermission(with.required("vhost"),
                        with.required("user"), reply)))
                .add("list.queues", with -> list(with, inventory()::queues, AdminOperations::row))
                .add("list.exchanges", with -> list(with, inventory()::exchanges, AdminOperations::row))
                .add("list.bindings", with -> list(with, inventory()::bindings, AdminOperations::row))
                .add("list.consumers", with -> list(with, inventory()::consumers, AdminOperations::row));
    }

    private Inventory inventory() {
        return administration.inventory();
    }

    private List<String> vhosts() {
        return replies.await(administration::vhosts);
    }

    private @Nullable Object done(java.util.function.Consumer<Reply<@Nullable Void>> command) {
        return replies.<@Nullable Void>await(command);
    }

    private static byte[] password(Arguments with) {
        return with.required("password").getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> tags(Arguments with) {
        return Arrays.stream(with.or("tags", "").split(",", -1)).map(String::strip).filter(tag -> !tag.isEmpty())
                .toList();
    }

    /** Lists one virtual host, or all; each row begins with its name. */
    private <T> List<Map<String, @Nullable Object>> list(Arguments with, BiConsumer<String, Reply<List<T>>> lister,
            Function<T, Map<String, @Nullable Object>> row) {
        String wanted = with.texts().get("vhost");
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (String vhost : wanted == null ? vhosts() : List.of(wanted)) {
            for (T each : replies.<List<T>>await(reply -> lister.accept(vhost, reply))) {
                Map<String, @Nullable Object> named = new LinkedHashMap<>();
                named.put("vhost", vhost);
                named.putAll(row.apply(each));
                rows.add(named);
            }
        }
        return rows;
    }

    private static Map<String, @Nullable Object> row(QueueInfo queue) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("name", queue.name());
        row.put("type", queue.type());
        row.put("durable", queue.durable());
        row.put("exclusive", queue.exclusive());
        row.put("autoDelete", queue.autoDelete());
        row.put("arguments", queue.arguments());
        row.put("ready", counted(queue.ready()));
        row.put("unacknowledged", counted(queue.unacknowledged()));
        row.put("consumers", counted(queue.consumers()));
        return row;
    }

    private static @Nullable Long counted(long count) {
        return count < 0 ? null : count;
    }

    private static Map<String, @Nullable Object> row(ExchangeInfo exchange) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("name", exchange.name());
        row.put("type", exchange.type());
        row.put("durable", exchange.durable());
        row.put("autoDelete", exchange.autoDelete());
        row.put("internal", exchange.internal());
        row.put("arguments", exchange.arguments());
        return row;
    }

    private static Map<String, @Nullable Object> row(BindingInfo binding) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("source", binding.source());
        row.put("destinationKind", binding.destinationKind());
        row.put("destination", binding.destination());
        row.put("routingKey", binding.routingKey());
        row.put("arguments", binding.arguments());
        return row;
    }

    private static Map<String, @Nullable Object> row(ConsumerInfo consumer) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("queue", consumer.queue());
        row.put("tag", consumer.tag());
        row.put("acknowledges", consumer.acknowledges());
        row.put("exclusive", consumer.exclusive());
        return row;
    }
}
