// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.relais.server.config.Config;
import io.relais.server.config.ConfigurationException;
import io.relais.server.listen.Listen;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Kafka protocol over TLS, with and without certificates of clients. */
class KafkaTlsTest {
    private static final String PASSWORD = "changeit";

    private final Path folder;
    private final Path serverStore;
    private final Path clientStore;

    KafkaTlsTest(@TempDir Path folder) throws Exception {
        this.folder = folder;
        serverStore = keyStore("server", "CN=server");
        clientStore = keyStore("client", "CN=client");
        pem("server", serverStore);
        pem("client", clientStore);
    }

    private Path keyStore(String name, String subject) throws IOException, InterruptedException {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "it", "-keyalg", "EC", "-dname", subject, "-ext",
                "SAN=ip:127.0.0.1,dns:localhost",
                "-validity", "2", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
                .redirectErrorStream(true).start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return store;
    }

    private void pem(String name, Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        Certificate certificate = store.getCertificate("it");
        Key key = store.getKey("it", PASSWORD.toCharArray());
        Files.writeString(folder.resolve(name + ".pem"), pem("CERTIFICATE", certificate.getEncoded()));
        Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key.getEncoded()));
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }

    private Map<String, String> config(String listeners) {
        Map<String, String> values = new HashMap<>();
        values.put("data", folder.resolve("data").toString());
        values.put("amqp.listen", "127.0.0.1:0");
        values.put("kafka.listen", "127.0.0.1:0");
        values.put("kafka.listeners", listeners);
        values.put("kafka.tls.certificate", folder.resolve("server.pem").toString());
        values.put("kafka.tls.key", folder.resolve("server.key").toString());
        return values;
    }

    private Map<String, Object> client(Listen at, String protocol) {
        Map<String, Object> configs = new HashMap<>();
        configs.put("bootstrap.servers", at.toString());
        configs.put("security.protocol", protocol);
        configs.put("default.api.timeout.ms", 20_000);
        configs.put("request.timeout.ms", 20_000);
        configs.put("ssl.truststore.type", "PEM");
        configs.put("ssl.truststore.location", folder.resolve("server.pem").toString());
        configs.put("sasl.mechanism", "PLAIN");
        configs.put("sasl.jaas.config", "org.apache.kafka.common.security.plain.PlainLoginModule required "
                + "username=\"guest\" password=\"guest\";");
        return configs;
    }

    private static <T> T await(KafkaFuture<T> future) throws Exception {
        try {
            return future.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Test
    void clientsSpeakTlsAndLogIn() throws Exception {
        try (Server server = Server.start(Config.of(config("SASL_SSL://127.0.0.1:0")));
                Admin admin = Admin.create(client(server.kafka("SASL_SSL"), "SASL_SSL"))) {
            assertThat(await(admin.describeCluster().nodes())).singleElement()
                    .satisfies(node -> assertThat(node.host() + ":" + node.port())
                            .isEqualTo(server.kafka("SASL_SSL").toString()));
        }
    }

    @Test
    void aClientIsWhoItsCertificateSays() throws Exception {
        Map<String, String> values = config("SSL://127.0.0.1:0,SASL_PLAINTEXT://127.0.0.1:0");
        values.put("kafka.tls.ca", folder.resolve("client.pem").toString());
        values.put("kafka.tls.client-certificates", "required");
        values.put("kafka.authorization", "acls");
        try (Server server = Server.start(Config.of(values));
                Admin guest = Admin.create(client(server.kafka("SASL_PLAINTEXT"), "SASL_PLAINTEXT"))) {
            await(guest.createTopics(List.of(new NewTopic("t", 1, (short) 1))).all());
            await(guest.createAcls(List.of(new AclBinding(
                    new ResourcePattern(ResourceType.TOPIC, "t", PatternType.LITERAL),
                    new AccessControlEntry("User:CN=client", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW))))
                    .all());
            Map<String, Object> configs = client(server.kafka("SSL"), "SSL");
            try (Admin stranger = Admin.create(configs)) {
                assertThatThrownBy(() -> await(stranger.listTopics().names()))
                        .isInstanceOf(SslAuthenticationException.class);
            }
            configs.put("ssl.keystore.type", "PKCS12");
            configs.put("ssl.keystore.location", clientStore.toString());
            configs.put("ssl.keystore.password", PASSWORD);
            try (Admin known = Admin.create(configs)) {
                assertThat(await(known.listTopics().names())).containsExactly("t");
            }
        }
    }

    @Test
    void whatIsAdvertisedIsToldToThoseWhoCameByThatListener() throws Exception {
        int plainPort = freePort();
        int tlsPort = freePort();
        Map<String, String> values = config("SASL_SSL://127.0.0.1:" + tlsPort);
        values.put("kafka.listen", "127.0.0.1:" + plainPort);
        values.put("kafka.advertised", "localhost:" + plainPort);
        values.put("kafka.advertised-listeners", "SASL_SSL://localhost:" + tlsPort);
        try (Server server = Server.start(Config.of(values));
                Admin plain = Admin.create(client(server.kafka(), "PLAINTEXT"));
                Admin tls = Admin.create(client(server.kafka("SASL_SSL"), "SASL_SSL"))) {
            assertThat(await(plain.describeCluster().nodes())).singleElement()
                    .satisfies(node -> assertThat(node.host() + ":" + node.port())
                            .isEqualTo("localhost:" + plainPort));
            assertThat(await(tls.describeCluster().nodes())).singleElement()
                    .satisfies(node -> assertThat(node.host() + ":" + node.port())
                            .isEqualTo("localhost:" + tlsPort));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void whatCannotBeIsSaidBeforeTheStart() {
        Map<String, String> values = config("SSL://127.0.0.1:0");
        values.put("kafka.tls.key", folder.resolve("server.pem").toString());
        assertThatThrownBy(() -> Server.start(Config.of(values))).isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("kafka.tls: the certificate, its key or the authority cannot be used");

        assertThatThrownBy(() -> Config.of(config("SSL://0.0.0.0:0"))).isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("everyone there would be let in");
        assertThatThrownBy(() -> Config.of(config("SASL_PLAINTEXT://0.0.0.0:0")))
                .isInstanceOf(ConfigurationException.class).hasMessageContaining("not encrypted");
        assertThatThrownBy(() -> Config.of(Map.of("kafka.listeners", "SSL://127.0.0.1:0")))
                .isInstanceOf(ConfigurationException.class).hasMessageContaining("needs kafka.tls.certificate");
        assertThatThrownBy(() -> Config.of(config("SSL://127.0.0.1:0,SSL://127.0.0.1:0")))
                .isInstanceOf(ConfigurationException.class).hasMessageContaining("two listeners of SSL");
        assertThat(Config.of(config("SASL_SSL://0.0.0.0:0")).kafka().more()).hasSize(1);
    }
}
