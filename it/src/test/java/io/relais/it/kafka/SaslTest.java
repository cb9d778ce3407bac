// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaBroker;
import io.relais.it.kafka.fixture.KafkaTest;
import io.relais.it.kafka.fixture.RawKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.admin.UserScramCredentialsDescription;
import org.apache.kafka.common.errors.ResourceNotFoundException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnacceptableCredentialException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SASL: PLAIN and SCRAM, and the credentials of SCRAM as administrators keep them (KIP-554). */
@KafkaTest
class SaslTest {
    private static final int ITERATIONS = 4_096;

    private final Kafka kafka;
    private final KafkaBroker broker;

    SaslTest(Kafka kafka, KafkaBroker broker) {
        this.kafka = kafka;
        this.broker = broker;
    }

    private Map<String, Object> login(String mechanism, String module, String user, String password) {
        return new HashMap<>(Map.of("bootstrap.servers", broker.saslBootstrap(), "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", mechanism, "sasl.jaas.config", "org.apache.kafka.common.security." + module
                        + " required username=\"" + user + "\" password=\"" + password + "\";"));
    }

    private void comesIn(Map<String, Object> login) throws Exception {
        try (Admin admin = Admin.create(login)) {
            Kafka.await(admin.listTopics().names());
        }
    }

    private void scram(ScramMechanism mechanism, String user, String password) throws Exception {
        Kafka.await(kafka.admin().alterUserScramCredentials(List.of(
                new UserScramCredentialUpsertion(user, new ScramCredentialInfo(mechanism, ITERATIONS), password)))
                .all());
    }

    @Test
    void aUserComesInByPlain() throws Exception {
        comesIn(login("PLAIN", "plain.PlainLoginModule", "guest", "guest"));
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertThatThrownBy(() -> comesIn(login("PLAIN", "plain.PlainLoginModule", "guest", "wrong")))
                .isInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void anUnknownUserIsRefused() {
        assertThatThrownBy(() -> comesIn(login("PLAIN", "plain.PlainLoginModule", "nobody", "guest")))
                .isInstanceOf(SaslAuthenticationException.class);
    }

    @ParameterizedTest
    @EnumSource(value = ScramMechanism.class, names = {"SCRAM_SHA_256", "SCRAM_SHA_512"})
    void aUserComesInByScram(ScramMechanism mechanism) throws Exception {
        String user = kafka.name("user");
        scram(mechanism, user, "secret");

        eventually(() -> {
            try {
                comesIn(login(mechanism.mechanismName(), "scram.ScramLoginModule", user, "secret"));
            } catch (SaslAuthenticationException e) {
                throw new AssertionError(e);
            }
        });
        assertThatThrownBy(() -> comesIn(login(mechanism.mechanismName(), "scram.ScramLoginModule", user, "wrong")))
                .isInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void credentialsAreDescribedWithoutTheirSecrets() throws Exception {
        String user = kafka.name("user");
        scram(ScramMechanism.SCRAM_SHA_512, user, "secret");

        eventually(() -> {
            UserScramCredentialsDescription description = describe(user);
            assertThat(description.credentialInfos())
                    .containsExactly(new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS));
        });
    }

    private UserScramCredentialsDescription describe(String user) throws Exception {
        try {
            return Kafka.await(kafka.admin().describeUserScramCredentials(List.of(user)).description(user));
        } catch (ResourceNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void credentialsAreDeleted() throws Exception {
        String user = kafka.name("user");
        scram(ScramMechanism.SCRAM_SHA_256, user, "secret");
        eventually(() -> describe(user));

        Kafka.await(kafka.admin()
                .alterUserScramCredentials(List.of(new UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_256)))
                .all());

        eventually(() -> assertThatThrownBy(
                () -> Kafka.await(kafka.admin().describeUserScramCredentials(List.of(user)).description(user)))
                .isInstanceOf(ResourceNotFoundException.class));
    }

    @Test
    void tooFewIterationsAreRefused() {
        assertThatThrownBy(() -> Kafka.await(kafka.admin()
                .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(kafka.name("user"),
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 100), "secret")))
                .all()))
                .isInstanceOf(UnacceptableCredentialException.class);
    }

    @Test
    void anUnknownMechanismIsRefusedWithThoseThatAreThere() throws Exception {
        RawKafka raw = kafka.rawSasl();

        SaslHandshakeResponseData response = raw.call(new SaslHandshakeRequestData().setMechanism("MAGIC"), 1,
                new SaslHandshakeResponseData());

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.UNSUPPORTED_SASL_MECHANISM);
        assertThat(response.mechanisms()).contains("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");
    }

    @Test
    void aRefusalSaysWhyAndClosesTheConnection() throws Exception {
        RawKafka raw = kafka.rawSasl();
        raw.call(new SaslHandshakeRequestData().setMechanism("PLAIN"), 1, new SaslHandshakeResponseData());

        SaslAuthenticateResponseData response = raw.call(
                new SaslAuthenticateRequestData().setAuthBytes(Kafka.octets("\0guest\0wrong")), 2,
                new SaslAuthenticateResponseData());

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.SASL_AUTHENTICATION_FAILED);
        assertThat(response.errorMessage()).isNotEmpty();
        assertThat(raw.isClosedByBroker()).isTrue();
    }

    @Test
    void nothingIsServedBeforeAuthentication() throws Exception {
        RawKafka raw = kafka.rawSasl();

        raw.send(new MetadataRequestData().setTopics(List.of()), 9);

        assertThat(raw.isClosedByBroker()).isTrue();
    }

    @Test
    void aUserComesInRequestByRequest() throws Exception {
        RawKafka raw = kafka.rawSasl();

        assertThat(raw.call(new SaslHandshakeRequestData().setMechanism("PLAIN"), 1, new SaslHandshakeResponseData())
                .errorCode()).isZero();
        SaslAuthenticateResponseData response = raw.call(
                new SaslAuthenticateRequestData().setAuthBytes(Kafka.octets("\0guest\0guest")), 2,
                new SaslAuthenticateResponseData());

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        assertThat(response.sessionLifetimeMs()).isZero();
    }
}
