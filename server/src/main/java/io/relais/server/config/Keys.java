// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.relais.server.listen.Listen;

/** Every key there is. {@code docs/configuration.md} is made from this table. */
public final class Keys {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    public static final Key<Path> DATA = new Key<>("data", new Types.Folder(), "relais-data",
            "The data folder: everything that survives a restart. Created where it is absent; used by one process at a time.");

    public static final Key<Listen> AMQP_LISTEN = listen("amqp", 5672, "AMQP 0-9-1");
    public static final Key<Listen> KAFKA_LISTEN = listen("kafka", 9092, "the Kafka protocol");
    public static final Key<Listen> HTTP_LISTEN = listen("http", 15672, "HTTP (not in this version yet)");

    public static final Key<Optional<Listen.At>> KAFKA_ADVERTISED = new Key<>("kafka.advertised",
            new Types.OptionalAddress(), "none",
            "Where Kafka clients that came by kafka.listen are told to connect. none: the very address each of them used, which is right unless something in between translates addresses.");
    public static final Key<List<KafkaEndpoint>> KAFKA_LISTENERS = new Key<>("kafka.listeners",
            new Types.KafkaEndpoints(), "none",
            "Further listeners of the Kafka protocol, beside kafka.listen: SASL_ ones want a login, SSL ones speak TLS.");
    public static final Key<List<KafkaEndpoint>> KAFKA_ADVERTISED_LISTENERS = new Key<>("kafka.advertised-listeners",
            new Types.KafkaEndpoints(), "none",
            "Where clients that came by a listener of kafka.listeners are told to connect, by its protocol.");
    public static final Key<Authentication> KAFKA_AUTHENTICATION = new Key<>("kafka.authentication",
            new Types.Choice<>(Authentication.class), "auto",
            "Whether clients of kafka.listen must log in (SASL PLAIN or SCRAM). auto: where other machines reach it, unless --insecure is said; elsewhere they may.");
    public static final Key<Authorization> KAFKA_AUTHORIZATION = new Key<>("kafka.authorization",
            new Types.Choice<>(Authorization.class), "open",
            "What holds for a topic, group or other resource of Kafka that no access control list is about. open: everyone may use it. acls: administrators only.");
    public static final Key<Duration> KAFKA_SESSION_MAX = time("kafka.session-max", Duration.ZERO, Duration.ofDays(30),
            "0s",
            "How long a SASL login holds until the client has to log in again on the open connection. 0s: for ever.");
    public static final Key<Optional<Path>> KAFKA_TLS_CERTIFICATE = file("kafka.tls.certificate",
            "The certificate for TLS with its chain, in PEM.");
    public static final Key<Optional<Path>> KAFKA_TLS_KEY = file("kafka.tls.key",
            "The private key of that certificate, in PEM (PKCS #8), unencrypted.");
    public static final Key<Optional<Path>> KAFKA_TLS_CA = file("kafka.tls.ca",
            "The authorities that clients' certificates come from, in PEM.");
    public static final Key<ClientCertificates> KAFKA_TLS_CLIENT_CERTIFICATES = new Key<>(
            "kafka.tls.client-certificates", new Types.Choice<>(ClientCertificates.class), "none",
            "Whether clients show a certificate; its subject is their name then, as in User:CN=orders,O=Example.");
    public static final Key<Boolean> KAFKA_AUTO_CREATE_TOPICS = new Key<>("kafka.auto-create-topics",
            new Types.Switch(), "true", "Whether a topic is created when a client first asks for it.");
    public static final Key<Integer> KAFKA_PARTITIONS = new Key<>("kafka.partitions", new Types.Count(1, 10_000), "1",
            "Partitions of a topic that is created without saying how many.");
    public static final Key<Long> KAFKA_REQUEST_MAX_SIZE = size("kafka.request-max-size", 64 * KIB, GIB, "100MiB",
            "The longest request that is taken of a Kafka client. A longer one ends the connection.");

    public static final Key<Map<String, String>> KAFKA_PROPERTIES = new Key<>("kafka.properties",
            new Types.Properties(),
            "none",
            "Properties of a Kafka broker that hold here too, by Kafka's names: those of groups, transactions and the log cleaner, such as group.consumer.session.timeout.ms=30000.");

    public static final Key<Duration> AMQP_HEARTBEAT = time("amqp.heartbeat", Duration.ZERO, Duration.ofHours(1), "60s",
            "The heartbeat interval proposed to clients. Whole seconds go to the client; 0 proposes none.");
    public static final Key<Long> AMQP_FRAME_MAX = size("amqp.frame-max", 4 * KIB, 16 * MIB, "128KiB",
            "The largest frame proposed to clients, header and end octet included.");
    public static final Key<Integer> AMQP_CHANNEL_MAX = new Key<>("amqp.channel-max", new Types.Count(1, 65_535),
            "2047", "How many channels one connection may open.");
    public static final Key<Long> AMQP_MAX_MESSAGE_SIZE = size("amqp.max-message-size", 1, 512 * MIB, "128MiB",
            "The largest message body. A larger one closes the channel with PRECONDITION_FAILED.");
    public static final Key<Duration> AMQP_HANDSHAKE_TIMEOUT = time("amqp.handshake-timeout", Duration.ofMillis(100),
            Duration.ofMinutes(10), "10s", "How long a client may take from connecting to an open connection.");

    public static final Key<Long> JOURNAL_FILE_SIZE = size("journal.file-size", MIB, GIB, "32MiB",
            "The size of one file of the journal. Files are written in full once, then recycled.");
    public static final Key<Duration> JOURNAL_ACK_DELAY = time("journal.ack-delay", Duration.ZERO,
            Duration.ofSeconds(1), "5ms",
            "How long acknowledgements may wait for company on their way to the journal. After a crash, what was acknowledged within this time may come again, marked redelivered.");

    public static final Key<Long> MEMORY_TAIL = size("memory.tail", MIB, 64 * GIB, "64MiB",
            "Message bytes kept in memory, of all queues together. Beyond it they are read back from disk.");
    public static final Key<Long> MEMORY_IN_FLIGHT = size("memory.in-flight", 64 * KIB, GIB, "8MiB",
            "Message bytes on their way to the disk from which on publishing connections are not read until some have arrived there.");
    public static final Key<Integer> MEMORY_HEAP_LIMIT = new Key<>("memory.heap-limit", new Types.Percent(20, 99),
            "85%", "The share of the Java heap in live use at which publishers are blocked (connection.blocked).");
    public static final Key<Integer> MEMORY_DIRECT_LIMIT = new Key<>("memory.direct-limit", new Types.Percent(20, 99),
            "85%", "The share of the memory for buffers in use at which publishers are blocked (connection.blocked).");

    public static final Key<Long> QUEUE_BACKLOG_THRESHOLD = size("queue.backlog-threshold", 64 * KIB, GIB, "1MiB",
            "Live bytes in the journal from which on a queue's backlog moves to a log of its own.");

    public static final Key<Long> DISK_FREE_LIMIT = size("disk.free-limit", 0, 1024 * GIB, "256MiB",
            "Free space on the data folder's disk below which publishers are blocked (connection.blocked).");

    public static final Key<Integer> NETWORK_THREADS = new Key<>("network.threads", new Types.CountOrAuto(64), "1",
            "With 1, one thread is the broker and its sockets. With more, so many threads do the sockets' work beside the broker's. auto: 1 up to three cores, else a third of the cores.");
    public static final Key<Transport> NETWORK_TRANSPORT = new Key<>("network.transport",
            new Types.Choice<>(Transport.class),
            "auto", "How sockets are waited for. auto: epoll where the system has it, else nio.");

    public static final Key<List<String>> AUTH_LOOPBACK_USERS = new Key<>("auth.loopback-users", new Types.Names(),
            "guest", "Users that may log in from this machine only.");
    public static final Key<Boolean> SECURITY_INSECURE = new Key<>("security.insecure", new Types.Switch(), "false",
            "Allows listening on addresses that other machines reach, although passwords and messages then travel unencrypted. The flag --insecure sets it.");

    public static final Key<Level> LOG_LEVEL = new Key<>("log.level", new Types.Choice<>(Level.class), "info",
            "What is written to standard error: this much and all that is more serious.");

    public static final Key<Duration> STOP_TIMEOUT = time("stop.timeout", Duration.ofSeconds(1), Duration.ofMinutes(10),
            "10s", "How long a stop may take to take leave of clients and write what is pending.");

    /** All keys, in the order of the documentation. */
    public static final List<Key<?>> ALL = List.of(DATA, AMQP_LISTEN, KAFKA_LISTEN, HTTP_LISTEN, KAFKA_ADVERTISED,
            KAFKA_LISTENERS, KAFKA_ADVERTISED_LISTENERS, KAFKA_AUTHENTICATION, KAFKA_AUTHORIZATION, KAFKA_SESSION_MAX,
            KAFKA_TLS_CERTIFICATE, KAFKA_TLS_KEY, KAFKA_TLS_CA, KAFKA_TLS_CLIENT_CERTIFICATES,
            KAFKA_AUTO_CREATE_TOPICS, KAFKA_PARTITIONS, KAFKA_REQUEST_MAX_SIZE, KAFKA_PROPERTIES, AMQP_HEARTBEAT,
            AMQP_FRAME_MAX, AMQP_CHANNEL_MAX, AMQP_MAX_MESSAGE_SIZE, AMQP_HANDSHAKE_TIMEOUT, JOURNAL_FILE_SIZE,
            JOURNAL_ACK_DELAY, MEMORY_TAIL, MEMORY_IN_FLIGHT, MEMORY_HEAP_LIMIT, MEMORY_DIRECT_LIMIT,
            QUEUE_BACKLOG_THRESHOLD, DISK_FREE_LIMIT, NETWORK_THREADS, NETWORK_TRANSPORT, AUTH_LOOPBACK_USERS,
            SECURITY_INSECURE, LOG_LEVEL, STOP_TIMEOUT);

    private Keys() {}

    private static Key<Listen> listen(String front, int port, String protocol) {
        return new Key<>(front + ".listen", new Types.Address(), "127.0.0.1:" + port,
                "Where " + protocol + " is spoken. The flag --" + front + " sets it.");
    }

    private static Key<Optional<Path>> file(String name, String description) {
        return new Key<>(name, new Types.OptionalFile(), "none", description);
    }

    private static Key<Long> size(String name, long min, long max, String defaultText, String description) {
        return new Key<>(name, new SizeType(min, max), defaultText, description);
    }

    private static Key<Duration> time(String name, Duration min, Duration max, String defaultText, String description) {
        return new Key<>(name, new DurationType(min, max), defaultText, description);
    }
}
