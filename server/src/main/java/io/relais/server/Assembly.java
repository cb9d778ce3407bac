// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.netty.util.internal.PlatformDependent;
import io.relais.amqp.AmqpFrontEnd;
import io.relais.amqp.AmqpSettings;
import io.relais.amqp.codec.AmqpProperties;
import io.relais.broker.LocalBroker;
import io.relais.broker.security.PasswordHash;
import io.relais.broker.security.SecurityOptions;
import io.relais.kafka.KafkaFrontEnd;
import io.relais.kafka.KafkaSettings;
import io.relais.kafka.security.SaslSettings;
import io.relais.log.local.DataFolder;
import io.relais.log.local.DataFolderException;
import io.relais.server.config.Config;
import io.relais.server.config.ConfigurationException;
import io.relais.server.config.KafkaConfig;
import io.relais.server.control.ControlServer;
import io.relais.server.control.Operations;
import io.relais.server.listen.Listen;
import org.jspecify.annotations.Nullable;

/**
 * Puts a server together, in the order that lets it fail early and cheaply: the folder's lock, the ports, the data, and only then clients.
 * What is closed again comes in the opposite order.
 */
final class Assembly {
    private static final String STOPPING = "the broker is shutting down";

    private final Config config;
    private final Closing closing;

    private Assembly(Config config, Closing closing) {
        this.config = config;
        this.closing = closing;
    }

    static Running start(Config config, SystemClock clock, Closing closing) {
        try {
            return new Assembly(config, closing).start(clock);
        } catch (DataFolderException e) {
            throw new DataUnusableException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new DataUnusableException("data folder " + config.data().toAbsolutePath().normalize()
                    + " cannot be used: " + e.getMessage(), e);
        }
    }

    private Running start(SystemClock clock) throws DataFolderException, IOException {
        checkMemory();
        DataFolder folder = Storage.lock(config.data(), closing);
        EventLoops loops = EventLoops.start(config.network());
        closing.add("event loops", loops::stop);
        Optional<Listener> amqp = bind(loops, "amqp", config.amqp().listen());
        KafkaListeners kafka = KafkaListeners.bind(loops, config.kafka(), closing);
        Workers workers = new Workers();
        closing.add("worker threads", workers::close);
        Storage storage = Storage.open(folder, workers, closing);
        NettyOwner owner = new NettyOwner(loops.owner(), clock);
        OnOwner onOwner = new OnOwner(owner);
        LocalBroker broker = broker(owner, onOwner, storage, workers);
        AmqpFrontEnd frontEnd = new AmqpFrontEnd(broker, owner, loops.owner(), amqpSettings(), new SecureRandom());
        amqp.ifPresent(listener -> closing.add("sockets", listener::closeSockets));
        closing.add("connections",
                left -> OnOwner.await(onOwner.start(() -> frontEnd.closeAll(STOPPING)), left.dividedBy(2)));
        Optional<KafkaFrontEnd> kafkaFront = kafka.isEmpty()
                ? Optional.empty()
                : Optional.of(kafka(owner, loops, storage, workers, broker, kafka.texts()));
        kafka.closeSockets(closing);
        kafkaFront.ifPresent(front -> closing.add("kafka connections",
                left -> OnOwner.await(onOwner.start(front::close), left.dividedBy(2))));
        Running running = new Running(config, at(amqp), kafka.at(), owner, broker, frontEnd, storage.logs());
        Operations operations = running.operations();
        ControlServer control = ControlServer.start(folder.path(), operations::answer);
        closing.add("control socket", _ -> control.close());
        watch(storage, owner, broker);
        amqp.ifPresent(listener -> {
            listener.open(frontEnd::attach);
            closing.add("listener", _ -> listener.close());
        });
        kafkaFront.ifPresent(front -> kafka.open(front, closing));
        return running;
    }

    private static Listen at(Optional<Listener> listener) {
        return listener.map(Listener::at).map(Listen.class::cast).orElse(Listen.OFF);
    }

    private KafkaFrontEnd kafka(NettyOwner owner, EventLoops loops, Storage storage, Workers workers,
            LocalBroker broker, List<String> listeners) {
        KafkaConfig kafka = config.kafka();
        SaslSettings sasl = new SaslSettings(Set.copyOf(config.loopbackUsers()), kafka.session().toMillis(),
                SaslSettings.DEFAULT.failureDelayMs());
        KafkaSettings settings = settings(kafka, sasl, listeners);
        return recovered(KafkaFrontEnd.start(broker, owner, loops.owner(), storage.logs(), storage.metadata(),
                workers.io(), settings, new SecureRandom(), storage.volume()));
    }

    private KafkaSettings settings(KafkaConfig kafka, SaslSettings sasl, List<String> listeners) {
        try {
            return new KafkaSettings(KafkaSettings.DEFAULT.nodeId(), kafka.requestMaxBytes(),
                    kafka.partitions(), kafka.autoCreate(), config.data().toAbsolutePath().normalize().toString(),
                    kafka.strictAcls(), sasl, listeners, kafka.properties());
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("kafka.properties: " + e.getMessage());
        }
    }

    /** Beyond this, memory runs short in ordinary work, and publishers would be blocked for good. */
    private void checkMemory() {
        long available = PlatformDependent.maxDirectMemory() / 100 * config.memory().directLimitPercent();
        long wanted = config.broker().tailMemoryBytes() + config.broker().inFlightBytes();
        if (wanted > available) {
            throw new ConfigurationException(
                    "memory.tail and memory.in-flight together are %dMiB, but publishers are blocked from %dMiB on (memory.direct-limit): make them smaller, or give more with RELAIS_JAVA_OPTS=-XX:MaxDirectMemorySize=…"
                            .formatted(wanted >> 20, available >> 20));
        }
    }

    private Optional<Listener> bind(EventLoops loops, String front, Listen listen) {
        return switch (listen) {
            case Listen.Off _ -> Optional.empty();
            case Listen.At at -> {
                Listener listener = Listener.bind(loops, front, at);
                closing.add("port", _ -> listener.close());
                yield Optional.of(listener);
            }
        };
    }

    private LocalBroker broker(NettyOwner owner, OnOwner onOwner, Storage storage, Workers workers) {
        CompletionStage<LocalBroker> started = LocalBroker.start(owner, storage.logs(), storage.metadata(),
                workers.hashing(), config.broker(), new AmqpProperties(), security(config));
        LocalBroker broker = recovered(started);
        closing.add("broker", left -> OnOwner.await(onOwner.<@Nullable Void>start(broker::close), left));
        return broker;
    }

    private <T> T recovered(CompletionStage<T> started) {
        try {
            return started.toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new DataUnusableException("what is in the data folder " + config.data().toAbsolutePath().normalize()
                    + " cannot be recovered: " + cause.getMessage(), cause);
        }
    }

    static SecurityOptions security(Config config) {
        return new SecurityOptions(Set.copyOf(config.loopbackUsers()), PasswordHash.ITERATIONS, new SecureRandom());
    }

    private AmqpSettings amqpSettings() {
        Config.Amqp amqp = config.amqp();
        return new AmqpSettings(Math.toIntExact(amqp.heartbeat().toSeconds()), amqp.frameMaxBytes(), amqp.channelMax(),
                amqp.handshakeTimeout().toMillis(), AmqpSettings.DEFAULT.clusterName());
    }

    private void watch(Storage storage, NettyOwner owner, LocalBroker broker) {
        ResourceWatch watch = new ResourceWatch(storage.disk(), config, (kind, reason) -> owner.execute(() -> {
            if (reason == null) {
                broker.alarms().clear(kind);
            } else {
                broker.alarms().raise(kind, reason);
            }
        }));
        closing.add("resource watch", _ -> watch.close());
        watch.start();
    }
}
