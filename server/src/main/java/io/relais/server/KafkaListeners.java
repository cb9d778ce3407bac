// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLException;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.relais.kafka.KafkaFrontEnd;
import io.relais.kafka.KafkaListener;
import io.relais.kafka.KafkaListener.Advertised;
import io.relais.server.config.ClientCertificates;
import io.relais.server.config.ConfigurationException;
import io.relais.server.config.KafkaConfig;
import io.relais.server.config.KafkaEndpoint;
import io.relais.server.config.KafkaProtocol;
import io.relais.server.listen.Listen;
import org.jspecify.annotations.Nullable;

/** All ports where the Kafka protocol is spoken, with TLS where that is wanted. */
final class KafkaListeners {
    /** The name of the listener that {@code kafka.listen} is. */
    static final String MAIN = "kafka";

    private final List<Bound> bound = new ArrayList<>();

    private record Bound(String key, Listener port, KafkaListener listener, @Nullable SslContext tls) {}

    private KafkaListeners() {}

    /**
     * Takes the ports.
     *
     * @param closing gets what must be closed again, also where this fails halfway
     */
    static KafkaListeners bind(EventLoops loops, KafkaConfig config, Closing closing) {
        KafkaListeners all = new KafkaListeners();
        if (config.listen() instanceof Listen.At at) {
            String name = (config.authenticates() ? KafkaProtocol.SASL_PLAINTEXT : KafkaProtocol.PLAINTEXT).name();
            all.add(MAIN, bind(loops, at, closing), new KafkaListener(name,
                    config.advertised().map(KafkaListeners::advertised).orElse(null), config.authenticates()), null);
        }
        SslContext tls = config.more().stream().anyMatch(each -> each.protocol().encrypted())
                ? context(config.tls())
                : null;
        for (KafkaEndpoint each : config.more()) {
            Advertised advertised = config.moreAdvertised().stream()
                    .filter(other -> other.protocol() == each.protocol()).map(other -> advertised(other.at()))
                    .findFirst().orElse(null);
            all.add(each.protocol().name(), bind(loops, each.at(), closing),
                    new KafkaListener(each.protocol().name(), advertised, authenticates(each.protocol(), config.tls())),
                    each.protocol().encrypted() ? tls : null);
        }
        return all;
    }

    private static boolean authenticates(KafkaProtocol protocol, KafkaConfig.Tls tls) {
        return protocol.authenticated()
                || (protocol.encrypted() && tls.clientCertificates() == ClientCertificates.REQUIRED);
    }

    private static Listener bind(EventLoops loops, Listen.At at, Closing closing) {
        Listener listener = Listener.bind(loops, MAIN, at);
        closing.add("port", _ -> listener.close());
        return listener;
    }

    private static Advertised advertised(Listen.At at) {
        return new Advertised(at.host(), at.port());
    }

    private static SslContext context(KafkaConfig.Tls tls) {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(tls.certificate().orElseThrow().toFile(),
                    tls.key().orElseThrow().toFile());
            tls.authority().ifPresent(file -> builder.trustManager(file.toFile()));
            return builder.clientAuth(switch (tls.clientCertificates()) {
                case NONE -> ClientAuth.NONE;
                case OPTIONAL -> ClientAuth.OPTIONAL;
                case REQUIRED -> ClientAuth.REQUIRE;
            }).build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new ConfigurationException(
                    "kafka.tls: the certificate, its key or the authority cannot be used: " + reason(e));
        }
    }

    private static String reason(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private void add(String key, Listener port, KafkaListener listener, @Nullable SslContext tls) {
        bound.add(new Bound(key, port, listener, tls));
    }

    boolean isEmpty() {
        return bound.isEmpty();
    }

    /** Where each listens, with the port that the system chose: {@value #MAIN}, and further ones by protocol. */
    Map<String, Listen> at() {
        Map<String, Listen> at = new LinkedHashMap<>();
        bound.forEach(each -> at.put(each.key(), each.port().at()));
        return at;
    }

    /** As Kafka writes them: {@code PLAINTEXT://127.0.0.1:9092}. */
    List<String> texts() {
        return bound.stream().map(each -> each.listener().name() + "://" + each.port().at()).toList();
    }

    /** Begins to accept, on all of them. */
    void open(KafkaFrontEnd front, Closing closing) {
        for (Bound each : bound) {
            each.port().open(channel -> attach(front, channel, each));
            closing.add("kafka listener", _ -> each.port().close());
        }
    }

    private static void attach(KafkaFrontEnd front, Channel channel, Bound by) {
        SslContext tls = by.tls();
        if (tls != null) {
            channel.pipeline().addLast("tls", tls.newHandler(channel.alloc()));
        }
        front.attach(channel, by.listener());
    }

    /** Has the sockets of clients that did not leave closed at the end. */
    void closeSockets(Closing closing) {
        bound.forEach(each -> closing.add("kafka sockets", each.port()::closeSockets));
    }
}
