// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.relais.broker.BrokerOptions;
import io.relais.server.listen.Listen;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration, validated.
 *
 * @param amqp          the listener and limits of AMQP
 * @param kafka         the listeners of the Kafka protocol
 * @param http          where HTTP clients are wanted
 * @param broker        the broker's limits
 * @param loopbackUsers users that may log in from this machine only
 */
public record Config(Path data, Amqp amqp, KafkaConfig kafka, Front http, BrokerOptions broker, Memory memory,
        Network network,
        List<String> loopbackUsers, Level logLevel, Duration stopTimeout) {

    /**
     * A front end that this version does not have.
     *
     * @param explicit whether somebody asked for it
     */
    public record Front(Listen listen, boolean explicit) {}

    /**
     * The AMQP front end.
     *
     * @param heartbeat        proposed to clients, in whole seconds; zero for none
     * @param frameMaxBytes    proposed to clients
     * @param channelMax       channels per connection
     * @param handshakeTimeout from connecting to an open connection
     */
    public record Amqp(Listen listen, Duration heartbeat, int frameMaxBytes, int channelMax,
            Duration handshakeTimeout) {}

    /** Shares of memory in use at which publishers are blocked. */
    public record Memory(int heapLimitPercent, int directLimitPercent) {}

    /**
     * Event loops.
     *
     * @param threads 1 for one loop that is owner and does the I/O; otherwise the number of I/O loops beside the owner's
     */
    public record Network(int threads, Transport transport) {}

    /** The sources of a configuration. Later ones are overruled by earlier ones, in the order of the parameters. */
    public static Config load(Map<String, String> flags, Map<String, String> sets, Map<String, String> environment,
            @Nullable Path file) {
        List<Layer> layers = new ArrayList<>();
        layers.add(Layer.of(flags, "the command line"));
        layers.add(Layer.of(sets, "--set"));
        layers.add(Environment.layer(environment));
        if (file != null) {
            layers.add(YamlFile.read(file));
        }
        return of(new Settings(layers));
    }

    /** A configuration of defaults and a few values by key, for a broker inside another program. */
    public static Config of(Map<String, String> values) {
        return of(new Settings(List.of(Layer.of(values, "the program"))));
    }

    private static Config of(Settings settings) {
        Config config = new Config(settings.get(Keys.DATA), amqp(settings), KafkaConfig.of(settings),
                front(settings, Keys.HTTP_LISTEN), broker(settings),
                new Memory(settings.get(Keys.MEMORY_HEAP_LIMIT), settings.get(Keys.MEMORY_DIRECT_LIMIT)),
                new Network(threads(settings.get(Keys.NETWORK_THREADS)), settings.get(Keys.NETWORK_TRANSPORT)),
                settings.get(Keys.AUTH_LOOPBACK_USERS), settings.get(Keys.LOG_LEVEL), settings.get(Keys.STOP_TIMEOUT));
        Exposure.check(Keys.AMQP_LISTEN, config.amqp().listen(), settings.get(Keys.SECURITY_INSECURE));
        return config;
    }

    private static Amqp amqp(Settings settings) {
        return new Amqp(settings.get(Keys.AMQP_LISTEN), settings.get(Keys.AMQP_HEARTBEAT),
                Math.toIntExact(settings.get(Keys.AMQP_FRAME_MAX)),
                settings.get(Keys.AMQP_CHANNEL_MAX), settings.get(Keys.AMQP_HANDSHAKE_TIMEOUT));
    }

    private static Front front(Settings settings, Key<Listen> key) {
        return new Front(settings.get(key), settings.has(key));
    }

    private static BrokerOptions broker(Settings settings) {
        return new BrokerOptions(settings.get(Keys.AMQP_MAX_MESSAGE_SIZE), settings.get(Keys.MEMORY_TAIL),
                settings.get(Keys.MEMORY_IN_FLIGHT), settings.get(Keys.JOURNAL_FILE_SIZE),
                settings.get(Keys.QUEUE_BACKLOG_THRESHOLD),
                Math.toIntExact(settings.get(Keys.JOURNAL_ACK_DELAY).toMillis()), settings.get(Keys.DISK_FREE_LIMIT));
    }

    /** Two threads (owner and journal) already use up to three cores' worth; sockets on threads of their own pay beyond. */
    private static int threads(int configured) {
        int cores = Runtime.getRuntime().availableProcessors();
        return configured > 0 ? configured : cores <= 3 ? 1 : cores / 3;
    }
}
