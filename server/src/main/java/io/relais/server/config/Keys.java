// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
    public static final List<Key<?>> ALL = List.of(DATA, AMQP_LISTEN, KAFKA_LISTEN, HTTP_LISTEN, AMQP_HEARTBEAT,
            AMQP_FRAME_MAX, AMQP_CHANNEL_MAX, AMQP_MAX_MESSAGE_SIZE, AMQP_HANDSHAKE_TIMEOUT, JOURNAL_FILE_SIZE,
            JOURNAL_ACK_DELAY, MEMORY_TAIL, MEMORY_IN_FLIGHT, MEMORY_HEAP_LIMIT, MEMORY_DIRECT_LIMIT,
            QUEUE_BACKLOG_THRESHOLD, DISK_FREE_LIMIT, NETWORK_THREADS, NETWORK_TRANSPORT, AUTH_LOOPBACK_USERS,
            SECURITY_INSECURE, LOG_LEVEL, STOP_TIMEOUT);

    private Keys() {}

    private static Key<Listen> listen(String front, int port, String protocol) {
        return new Key<>(front + ".listen", new Types.Address(), "127.0.0.1:" + port,
                "Where " + protocol + " is spoken. The flag --" + front + " sets it.");
    }

    private static Key<Long> size(String name, long min, long max, String defaultText, String description) {
        return new Key<>(name, new SizeType(min, max), defaultText, description);
    }

    private static Key<Duration> time(String name, Duration min, Duration max, String defaultText, String description) {
        return new Key<>(name, new DurationType(min, max), defaultText, description);
    }
}
