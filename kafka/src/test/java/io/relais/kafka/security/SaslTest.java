// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.relais.kafka.KafkaSettings;
import io.relais.kafka.LiveKafka;
import io.relais.kafka.RawClient;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authentication, request by request: what is let in, what is refused, and how. */
class SaslTest {
    private static final String GUEST = "\0guest\0guest";

    private final LiveKafka kafka;
    private final List<RawClient> clients = new ArrayList<>();

    SaslTest(@TempDir Path folder) {
        kafka = LiveKafka.start(folder, KafkaSettings.DEFAULT.withSasl(new SaslSettings(Set.of("guest"), 0, 1)));
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        kafka.close();
    }

    private RawClient guarded() throws IOException {
        RawClient client = new RawClient(kafka.guardedPort());
        clients.add(client);
        return client;
    }

    private RawClient open() throws IOException {
        RawClient client = new RawClient(kafka.port());
        clients.add(client);
        return client;
    }

    private static Errors handshake(RawClient client, String mechanism) throws IOException {
        return Errors.forCode(client.call(new SaslHandshakeRequestData().setMechanism(mechanism), 1,
                new SaslHandshakeResponseData()).errorCode());
    }

    private static SaslAuthenticateResponseData authenticate(RawClient client, String token) throws IOException {
        return client.call(
                new SaslAuthenticateRequestData().setAuthBytes(token.getBytes(StandardCharsets.UTF_8)), 2,
                new SaslAuthenticateResponseData());
    }

    private static MetadataResponseData metadata(RawClient client) throws IOException {
        return client.call(new MetadataRequestData().setTopics(List.of()), 9, new MetadataResponseData());
    }

    @Nested
    class GivenAListenerThatWantsALogin {

        @Test
        void whenNobodyHasLoggedIn_thenOnlyTheVersionsAreTold() throws IOException {
            RawClient client = guarded();

            assertThat(
                    client.call(new ApiVersionsRequestData().setClientSoftwareName("a").setClientSoftwareVersion("1"),
                            3, new ApiVersionsResponseData()).apiKeys())
                    .isNotEmpty();
            client.send(new MetadataRequestData().setTopics(List.of()), 9);

            assertThat(client.isClosedByBroker()).isTrue();
        }

        @Test
        void whenTheUserHasLoggedIn_thenEverythingIsServed() throws IOException {
            RawClient client = guarded();

            assertThat(handshake(client, "PLAIN")).isEqualTo(Errors.NONE);
            SaslAuthenticateResponseData response = authenticate(client, GUEST);

            assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
            assertThat(response.sessionLifetimeMs()).isZero();
            assertThat(metadata(client).brokers()).hasSize(1);
        }

        @Test
        void whenATokenComesWithoutAHandshake_thenTheConnectionEnds() throws IOException {
            RawClient client = guarded();

            client.send(new SaslAuthenticateRequestData().setAuthBytes(GUEST.getBytes(StandardCharsets.UTF_8)), 2);

            assertThat(client.isClosedByBroker()).isTrue();
        }

        @Test
        void whenAnotherRequestComesInTheMiddle_thenItIsRefusedAndTheConnectionEnds() throws IOException {
            RawClient client = guarded();
            handshake(client, "PLAIN");

            ApiVersionsResponseData response = client.call(
                    new ApiVersionsRequestData().setClientSoftwareName("a").setClientSoftwareVersion("1"), 3,
                    new ApiVersionsResponseData());

            assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.ILLEGAL_SASL_STATE);
            assertThat(client.isClosedByBroker()).isTrue();
        }

        @Test
        void whenTheMechanismIsUnknown_thenThoseThatThereAreAreTold() throws IOException {
            RawClient client = guarded();

            SaslHandshakeResponseData response = client.call(new SaslHandshakeRequestData().setMechanism("GSSAPI"), 1,
                    new SaslHandshakeResponseData());

            assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.UNSUPPORTED_SASL_MECHANISM);
            assertThat(response.mechanisms()).containsExactly("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");
            assertThat(client.isClosedByBroker()).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"\0guest\0wrong", "\0nobody\0guest", "guest\0guest", "", "other\0guest\0guest",
                "\0\0guest", "\0guest\0", "\0guest\0guest\0more", "\0\0\0\0\0\0"})
        void whenTheLoginIsWrong_thenItIsToldWhyAndTheConnectionEnds(String token) throws IOException {
            RawClient client = guarded();
            handshake(client, "PLAIN");

            SaslAuthenticateResponseData response = authenticate(client, token);

            assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED);
            assertThat(response.errorMessage()).isNotEmpty();
            assertThat(client.isClosedByBroker()).isTrue();
        }

        @Test
        void whenARequestIsLongerThanATokenMayBe_thenTheConnectionEndsBeforeItIsRead() throws IOException {
            RawClient client = guarded();

            client.sendLength(Sasl.TOKEN_MAX_BYTES + 1);

            assertThat(client.isClosedByBroker()).isTrue();
        }

        @Test
        void whenTheUserHasLoggedIn_thenLongRequestsAreTaken() throws IOException {
            RawClient client = guarded();
            handshake(client, "PLAIN");
            authenticate(client, GUEST);
            List<MetadataRequestData.MetadataRequestTopic> topics = new ArrayList<>();
            for (int i = 0; i < 60_000; i++) {
                topics.add(new MetadataRequestData.MetadataRequestTopic().setName("no-such-topic-" + i));
            }

            MetadataResponseData response = client.call(
                    new MetadataRequestData().setTopics(topics).setAllowAutoTopicCreation(false), 9,
                    new MetadataResponseData());

            assertThat(response.topics()).hasSize(60_000);
        }

        @Test
        void whenTheHandshakeIsOfVersion0_thenTokensComeBare() throws IOException {
            RawClient client = guarded();
            client.call(new SaslHandshakeRequestData().setMechanism("PLAIN"), 0, new SaslHandshakeResponseData());

            client.sendFrame(GUEST.getBytes(StandardCharsets.UTF_8));

            assertThat(client.frame()).isEmpty();
            assertThat(metadata(client).brokers()).hasSize(1);
        }

        @Test
        void whenABareTokenIsWrong_thenTheConnectionEnds() throws IOException {
            RawClient client = guarded();
            client.call(new SaslHandshakeRequestData().setMechanism("PLAIN"), 0, new SaslHandshakeResponseData());

            client.sendFrame("\0guest\0wrong".getBytes(StandardCharsets.UTF_8));

            assertThat(client.isClosedByBroker()).isTrue();
        }

        @Test
        void whenSessionsHaveNoEnd_thenASecondLoginIsRefused() throws IOException {
            RawClient client = guarded();
            handshake(client, "PLAIN");
            authenticate(client, GUEST);

            assertThat(handshake(client, "PLAIN")).isEqualTo(Errors.ILLEGAL_SASL_STATE);
        }
    }

    @Nested
    class GivenAListenerThatLetsEveryoneIn {

        @Test
        void whenAClientLogsInNevertheless_thenItMay() throws IOException {
            RawClient client = open();

            assertThat(handshake(client, "PLAIN")).isEqualTo(Errors.NONE);
            assertThat(authenticate(client, GUEST).errorCode()).isZero();
            assertThat(metadata(client).brokers()).hasSize(1);
        }

        @Test
        void whenATokenComesWithoutAHandshake_thenTheStateIsIllegal() throws IOException {
            assertThat(Errors.forCode(authenticate(open(), GUEST).errorCode())).isEqualTo(Errors.ILLEGAL_SASL_STATE);
        }
    }

    @Nested
    class GivenUsersOfTheBroker {

        @ParameterizedTest
        @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256"})
        void whenOneLogsInByAnyMechanismThatItsPasswordAllows_thenItIsLetIn(String mechanism) throws Exception {
            kafka.user("alice", "wonderland");

            try (Admin admin = kafka.admin(mechanism, "alice", "wonderland")) {
                assertThat(LiveKafka.await(admin.describeCluster().nodes())).hasSize(1);
            }
            try (Admin admin = kafka.admin(mechanism, "alice", "looking-glass")) {
                assertThatThrownBy(() -> LiveKafka.await(admin.describeCluster().nodes()))
                        .isInstanceOf(SaslAuthenticationException.class);
            }
        }
    }

    @Nested
    class GivenScramCredentials {

        @ParameterizedTest
        @ValueSource(strings = {"SCRAM-SHA-256", "SCRAM-SHA-512"})
        void whenTheUserLogsIn_thenItIsLetInByThatMechanism(String name) throws Exception {
            ScramMechanism mechanism = ScramMechanism.fromMechanismName(name);
            try (Admin admin = kafka.admin()) {
                LiveKafka.await(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion("bob",
                        new ScramCredentialInfo(mechanism, 4_096), "builder"))).all());
            }

            try (Admin admin = kafka.admin(name, "bob", "builder")) {
                assertThat(LiveKafka.await(admin.describeCluster().nodes())).hasSize(1);
            }
            try (Admin admin = kafka.admin("PLAIN", "bob", "builder")) {
                assertThatThrownBy(() -> LiveKafka.await(admin.describeCluster().nodes()))
                        .isInstanceOf(SaslAuthenticationException.class);
            }
        }
    }

    @Nested
    class GivenSessionsOfALimitedTime {

        @Test
        void whenTheUserLogsIn_thenTheEndOfTheSessionIsTold(@TempDir Path other) throws IOException {
            try (LiveKafka limited = LiveKafka.start(other,
                    KafkaSettings.DEFAULT.withSasl(new SaslSettings(Set.of(), 3_600_000, 1)));
                    RawClient client = new RawClient(limited.guardedPort())) {
                handshake(client, "PLAIN");

                assertThat(authenticate(client, GUEST).sessionLifetimeMs()).isEqualTo(3_600_000);
                assertThat(handshake(client, "PLAIN")).as("again at once").isEqualTo(Errors.ILLEGAL_SASL_STATE);
            }
        }

        @Test
        void whenTheSessionIsOver_thenTheNextRequestEndsTheConnection(@TempDir Path other) throws IOException {
            try (LiveKafka limited = LiveKafka.start(other,
                    KafkaSettings.DEFAULT.withSasl(new SaslSettings(Set.of(), 1, 1)));
                    RawClient client = new RawClient(limited.guardedPort())) {
                handshake(client, "PLAIN");
                authenticate(client, GUEST);

                boolean closed = false;
                for (int i = 0; i < 1_000 && !closed; i++) {
                    try {
                        metadata(client);
                    } catch (IOException _) {
                        closed = true;
                    }
                }

                assertThat(closed).isTrue();
            }
        }
    }
}
