// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.relais.server.listen.Listen;

/**
 * The Kafka front end.
 *
 * @param listen         where the protocol is spoken in the simplest way
 * @param authenticates  whether clients of that listener must authenticate
 * @param advertised     where clients of that listener are told to connect; empty for the address each of them used
 * @param more           further listeners, one of a protocol at most
 * @param moreAdvertised where clients of those are told to connect
 * @param strictAcls     whether only access control lists allow anything
 * @param properties     of Kafka's own broker configuration
 * @param session        how long an authentication holds; zero for ever
 */
public record KafkaConfig(Listen listen, boolean authenticates, Optional<Listen.At> advertised,
        List<KafkaEndpoint> more, List<KafkaEndpoint> moreAdvertised, Tls tls, boolean strictAcls, Duration session,
        boolean autoCreate, int partitions, int requestMaxBytes, Map<String, String> properties) {

    /** Files in PEM: the certificate with its chain, its key, and the authority that clients' certificates come from. */
    public record Tls(Optional<Path> certificate, Optional<Path> key, Optional<Path> authority,
            ClientCertificates clientCertificates) {}

    static KafkaConfig of(Settings settings) {
        boolean insecure = settings.get(Keys.SECURITY_INSECURE);
        KafkaConfig config = new KafkaConfig(settings.get(Keys.KAFKA_LISTEN),
                authenticates(settings.get(Keys.KAFKA_LISTEN), settings.get(Keys.KAFKA_AUTHENTICATION), insecure),
                settings.get(Keys.KAFKA_ADVERTISED), settings.get(Keys.KAFKA_LISTENERS),
                settings.get(Keys.KAFKA_ADVERTISED_LISTENERS),
                new Tls(settings.get(Keys.KAFKA_TLS_CERTIFICATE), settings.get(Keys.KAFKA_TLS_KEY),
                        settings.get(Keys.KAFKA_TLS_CA), settings.get(Keys.KAFKA_TLS_CLIENT_CERTIFICATES)),
                settings.get(Keys.KAFKA_AUTHORIZATION) == Authorization.ACLS, settings.get(Keys.KAFKA_SESSION_MAX),
                settings.get(Keys.KAFKA_AUTO_CREATE_TOPICS), settings.get(Keys.KAFKA_PARTITIONS),
                Math.toIntExact(settings.get(Keys.KAFKA_REQUEST_MAX_SIZE)), settings.get(Keys.KAFKA_PROPERTIES));
        config.check(insecure);
        return config;
    }

    private static boolean authenticates(Listen listen, Authentication wanted, boolean insecure) {
        return switch (wanted) {
            case OPTIONAL -> false;
            case REQUIRED -> true;
            case AUTO -> !insecure && listen instanceof Listen.At at && Exposure.exposed(at.host());
        };
    }

    private void check(boolean insecure) {
        if (listen instanceof Listen.At at) {
            checkExposure(Keys.KAFKA_LISTEN.name(), at, KafkaProtocol.PLAINTEXT, insecure);
        }
        Set<KafkaProtocol> protocols = new HashSet<>();
        for (KafkaEndpoint each : more) {
            if (!protocols.add(each.protocol())) {
                throw new ConfigurationException(
                        Keys.KAFKA_LISTENERS.name() + ": two listeners of " + each.protocol() + "; one is possible");
            }
            if (each.protocol().encrypted() && (tls.certificate().isEmpty() || tls.key().isEmpty())) {
                throw new ConfigurationException(Keys.KAFKA_LISTENERS.name() + ": " + each + " needs "
                        + Keys.KAFKA_TLS_CERTIFICATE.name() + " and " + Keys.KAFKA_TLS_KEY.name());
            }
            checkExposure(Keys.KAFKA_LISTENERS.name(), each.at(), each.protocol(), insecure);
        }
        for (KafkaEndpoint each : moreAdvertised) {
            if (!protocols.contains(each.protocol())) {
                throw new ConfigurationException(Keys.KAFKA_ADVERTISED_LISTENERS.name() + ": there is no listener of "
                        + each.protocol() + " in " + Keys.KAFKA_LISTENERS.name());
            }
        }
        if (tls.clientCertificates() != ClientCertificates.NONE && tls.authority().isEmpty()) {
            throw new ConfigurationException(Keys.KAFKA_TLS_CLIENT_CERTIFICATES.name() + " needs "
                    + Keys.KAFKA_TLS_CA.name() + ": the authority that clients' certificates come from");
        }
    }

    private void checkExposure(String key, Listen.At at, KafkaProtocol protocol, boolean insecure) {
        if (insecure || !Exposure.exposed(at.host())) {
            return;
        }
        if (!protocol.encrypted()) {
            throw new ConfigurationException(key + ": " + at
                    + " is reachable from other machines and not encrypted: passwords and messages would travel unencrypted. "
                    + "Listen on 127.0.0.1, take SASL_SSL in " + Keys.KAFKA_LISTENERS.name()
                    + ", or say --insecure if the network is trusted");
        }
        if (!protocol.authenticated() && tls.clientCertificates() != ClientCertificates.REQUIRED) {
            throw new ConfigurationException(key + ": " + at
                    + " is reachable from other machines, and everyone there would be let in. Take SASL_SSL, set "
                    + Keys.KAFKA_TLS_CLIENT_CERTIFICATES.name()
                    + ": required, or say --insecure if the network is trusted");
        }
    }
}
