// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import static io.relais.broker.TestClient.durableExchange;
import static io.relais.broker.TestClient.durableQueue;
import static io.relais.broker.TestClient.queue;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

import io.relais.broker.Administration.PermissionInfo;
import io.relais.broker.Administration.UserInfo;
import io.relais.log.metadata.InMemoryMetadataStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What an operator does to users, virtual hosts, permissions and connections. */
class AdministrationTest {
    private SimulatedBroker broker = SimulatedBroker.start();

    @AfterEach
    void stop() {
        broker.close();
    }

    private <T extends @Nullable Object> Answer<T> ask(BiConsumer<Administration, Answer<T>> question) {
        Answer<T> answer = new Answer<>();
        question.accept(broker.administration(), answer);
        broker.settle();
        return answer;
    }

    private void act(BiConsumer<Administration, Answer<@Nullable Void>> action) {
        this.<@Nullable Void>ask(action).value();
    }

    private boolean logsIn(String user, String password) {
        Answer<Broker.Identity> answer = broker.login(user, password, true);
        broker.settle();
        try {
            return answer.refusal() == null;
        } catch (AssertionError admitted) {
            return true;
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aNewBrokerHasAGuestWhoMayDoEverything() {
        assertThat(this.<List<UserInfo>>ask(Administration::users).value())
                .containsExactly(new UserInfo("guest", List.of("administrator")));
        assertThat(this.<List<String>>ask(Administration::vhosts).value()).containsExactly("/");
        assertThat(this.<List<PermissionInfo>>ask(Administration::permissions).value())
                .containsExactly(new PermissionInfo("/", "guest", ".*", ".*", ".*"));
        assertThat(logsIn("guest", "guest")).isTrue();
    }

    @Test
    void usersSurviveARestartWithPasswordTagsAndPermissions() {
        act((admin, reply) -> admin.addUser("ann", bytes("s1"), List.of("monitoring"), reply));
        act((admin, reply) -> admin.setPermission(new PermissionInfo("/", "ann", "a", "", "b"), reply));
        act((admin, reply) -> admin.changePassword("ann", bytes("s2"), reply));
        act((admin, reply) -> admin.setTags("guest", List.of(), reply));

        broker = broker.crash();

        assertThat(logsIn("ann", "s2")).isTrue();
        assertThat(logsIn("ann", "s1")).isFalse();
        assertThat(this.<List<UserInfo>>ask(Administration::users).value())
                .containsExactly(new UserInfo("ann", List.of("monitoring")), new UserInfo("guest", List.of()));
        assertThat(this.<List<PermissionInfo>>ask(Administration::permissions).value())
                .contains(new PermissionInfo("/", "ann", "a", "", "b"));
    }

    @Test
    void aPasswordHashOfRabbitMqIsTakenOver() {
        act((admin, reply) -> admin.importUser("old", "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR", List.of(),
                reply));

        assertThat(logsIn("old", "test12")).isTrue();
        assertThat(logsIn("old", "test13")).isFalse();
        assertThat(this.<@Nullable Void>ask((admin, reply) -> admin.importUser("bad", "AAAA", List.of(), reply))
                .refusal().text()).contains("36 bytes in Base64, this has 3");
    }

    @Test
    void aDeletedUserIsOutAndStaysOut() {
        broker.addUser("ann", ".*", ".*", ".*");
        List<String> reasons = new ArrayList<>();
        broker.client("ann", "/").session().onCloseRequested(reasons::add);

        act((admin, reply) -> admin.deleteUser("ann", reply));

        assertThat(reasons).containsExactly("user 'ann' was deleted");
        broker = broker.crash();
        assertThat(logsIn("ann", "ann")).isFalse();
        assertThat(this.<List<PermissionInfo>>ask(Administration::permissions).value()).hasSize(1);
    }

    @Test
    void whatIsNotThereOrIsThereAlreadyIsTold() {
        assertThat(this.<@Nullable Void>ask(
                (admin, reply) -> admin.addUser("guest", bytes("x"), List.of(), reply)).refusal())
                .isEqualTo(new Refusal.PreconditionFailed("there is a user 'guest' already"));
        assertThat(this.<@Nullable Void>ask((admin, reply) -> admin.deleteUser("ann", reply)).refusal())
                .isEqualTo(new Refusal.NotFound("there is no user 'ann'"));
        assertThat(this.<@Nullable Void>ask((admin, reply) -> admin.deleteVhost("v", reply)).refusal())
                .isEqualTo(new Refusal.NotFound("there is no virtual host 'v'"));
        assertThat(this.<@Nullable Void>ask((admin, reply) -> admin
                .setPermission(new PermissionInfo("/", "guest", "(", "", ""), reply)).refusal().text())
                .contains("invalid regular expression '('");
        assertThat(this.<@Nullable Void>ask((admin, reply) -> admin.addVhost("", reply)).refusal().text())
                .contains("1 to 255 characters");
    }

    @Test
    void aVirtualHostGoesWithAllThatIsInIt() {
        act((admin, reply) -> admin.addVhost("v/1", reply));
        broker.permit("guest", "v/1", ".*", ".*", ".*");
        TestClient client = broker.client("guest", "v/1");
        client.declare(durableExchange("x", "direct"));
        client.declare(durableQueue("q", Map.of()));
        client.bind("q", "x", "k");
        client.bind("q", "amq.direct", "k");
        List<String> reasons = new ArrayList<>();
        client.session().onCloseRequested(reasons::add);

        act((admin, reply) -> admin.deleteVhost("v/1", reply));

        assertThat(reasons).containsExactly("vhost 'v/1' is deleted");
        assertThat(client.declaring(durableQueue("late", Map.of())).refusal())
                .isInstanceOf(Refusal.AccessRefused.class);
        assertThat(broker.open("guest", "v/1").refusal()).isInstanceOf(Refusal.NotAllowed.class);
        assertThat(broker.storedKeys()).noneMatch(key -> key.contains("v%2F1"));
    }

    @Test
    void queuesExchangesBindingsConsumersAndConnectionsAreListed() {
        TestClient client = broker.client();
        client.declare(queue("q"), TestClient.exclusiveQueue("mine"));
        client.bind("q", "amq.topic", "a.*");
        client.publish("", "mine", "m");
        client.consume("q");
        Inventory inventory = broker.administration().inventory();

        assertThat(this.<List<Inventory.QueueInfo>>ask((admin, reply) -> inventory.queues("/", reply)).value())
                .containsExactly(
                        new Inventory.QueueInfo("mine", "classic", false, true, false, Map.of(), 1, 0, 0),
                        new Inventory.QueueInfo("q", "classic", false, false, false, Map.of(), 0, 0, 1));
        assertThat(this.<List<Inventory.ExchangeInfo>>ask((admin, reply) -> inventory.exchanges("/", reply)).value())
                .extracting(Inventory.ExchangeInfo::name).containsExactly("", "amq.direct", "amq.fanout",
                        "amq.headers", "amq.match", "amq.rabbitmq.trace", "amq.topic");
        assertThat(this.<List<Inventory.BindingInfo>>ask((admin, reply) -> inventory.bindings("/", reply)).value())
                .containsExactly(new Inventory.BindingInfo("amq.topic", "queue", "q", "a.*", Map.of()));
        assertThat(this.<List<Inventory.ConsumerInfo>>ask((admin, reply) -> inventory.consumers("/", reply)).value())
                .containsExactly(new Inventory.ConsumerInfo("q", "tag", false, false));
        assertThat(this.<List<Inventory.ConnectionEntry>>ask((admin, reply) -> inventory.connections(reply)).value())
                .singleElement().extracting(Inventory.ConnectionEntry::user).isEqualTo("guest");
        assertThat(this.<List<Inventory.QueueInfo>>ask((admin, reply) -> inventory.queues("v", reply)).refusal())
                .isEqualTo(new Refusal.NotFound("there is no virtual host 'v'"));
    }

    @Test
    void aConnectionIsAskedToClose() {
        TestClient client = broker.client();
        List<String> reasons = new ArrayList<>();
        client.session().onCloseRequested(reasons::add);
        Answer<List<Inventory.ConnectionEntry>> connections = ask(
                (admin, reply) -> admin.inventory().connections(reply));
        long number = Objects.requireNonNull(connections.value()).getFirst().number();

        act((admin, reply) -> admin.closeConnection(number, "maintenance", reply));

        assertThat(reasons).containsExactly("maintenance");
        client.close();
        assertThat(this.<@Nullable Void>ask((admin, reply) -> admin.closeConnection(number, "again", reply))
                .refusal()).isEqualTo(new Refusal.NotFound("there is no connection " + number));
    }

    /** No broker runs: the same operations on its metadata. */
    @Nested
    class Offline {
        private final InMemoryMetadataStore store = new InMemoryMetadataStore(Runnable::run);

        private Administration administration() {
            return Administration.offline(store, SimulatedBroker.security(1)).toCompletableFuture().join();
        }

        private <T extends @Nullable Object> Answer<T> ask(BiConsumer<Administration, Answer<T>> question) {
            Answer<T> answer = new Answer<>();
            question.accept(administration(), answer);
            return answer;
        }

        @Test
        void usersVirtualHostsAndPermissionsAreChanged() {
            this.<@Nullable Void>ask((admin, reply) -> admin.addUser("ann", bytes("s"), List.of("x"), reply)).value();
            this.<@Nullable Void>ask((admin, reply) -> admin.addVhost("v", reply)).value();
            this.<@Nullable Void>ask(
                    (admin, reply) -> admin.setPermission(new PermissionInfo("v", "ann", "a", "b", "c"), reply))
                    .value();

            assertThat(this.<List<UserInfo>>ask(Administration::users).value()).extracting(UserInfo::name)
                    .containsExactly("ann", "guest");
            assertThat(this.<List<String>>ask(Administration::vhosts).value()).containsExactly("/", "v");
            assertThat(this.<List<PermissionInfo>>ask(Administration::permissions).value())
                    .contains(new PermissionInfo("v", "ann", "a", "b", "c"));

            this.<@Nullable Void>ask((admin, reply) -> admin.deleteVhost("v", reply)).value();
            this.<@Nullable Void>ask((admin, reply) -> admin.deleteUser("ann", reply)).value();
            assertThat(this.<List<PermissionInfo>>ask(Administration::permissions).value()).hasSize(1);
            assertThat(this.<List<String>>ask(Administration::vhosts).value()).containsExactly("/");
        }

        @Test
        void queuesAreListedWithoutCounts() {
            administration();
            store.put(MetadataKeys.queue("/", "q"),
                    MetadataRecords.queue(
                            new MetadataRecords.StoredQueue("/", "q", false, Arguments.of(Map.of("a", 1)), 5)),
                    -2).toCompletableFuture().join();

            Answer<List<Inventory.QueueInfo>> queues = ask((admin, reply) -> admin.inventory().queues("/", reply));

            assertThat(queues.value()).containsExactly(
                    new Inventory.QueueInfo("q", "classic", true, false, false, Map.of("a", 1), -1, -1, -1));
        }
    }
}
