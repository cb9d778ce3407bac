// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.Test;

class PasswordHashTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** RFC 7914, section 11: PBKDF2-HMAC-SHA-256 of "passwd" with salt "salt", one round. */
    @Test
    void derivesTheKeyThatTheRfcGives() {
        byte[] key = PasswordHash.Pbkdf2.derive(bytes("passwd"), bytes("salt"), 1);

        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
    }

    @Test
    void aNewHashComesBackFromItsTextAndKnowsItsPassword() {
        PasswordHash hash = PasswordHash.pbkdf2(bytes("pässword"), 1_000, new Random(1));

        PasswordHash read = PasswordHash.parse(hash.text());

        assertThat(hash.text()).startsWith("pbkdf2-sha256:1000:");
        assertThat(read.verify(bytes("pässword"))).isTrue();
        assertThat(read.verify(bytes("passwort"))).isFalse();
        assertThat(read.slow()).isTrue();
    }

    @Test
    void twoHashesOfOnePasswordDiffer() {
        Random random = new Random(1);

        assertThat(PasswordHash.pbkdf2(bytes("p"), 1, random).text())
                .isNotEqualTo(PasswordHash.pbkdf2(bytes("p"), 1, random).text());
    }

    @Test
    void passwordsThatAreNoTextAreToldApart() {
        byte[] one = {(byte) 0xff, 1};
        byte[] other = {(byte) 0xfe, 1};
        PasswordHash hash = PasswordHash.pbkdf2(one, 10, new Random(1));

        assertThat(hash.verify(one)).isTrue();
        assertThat(hash.verify(other)).isFalse();
    }

    /** The example of RabbitMQ's manual ("Passwords"): test12 with the salt 908dc60a. */
    @Test
    void readsTheHashThatRabbitMqsManualComputes() {
        PasswordHash hash = PasswordHash.fromRabbitMq("kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR");

        assertThat(hash.verify(bytes("test12"))).isTrue();
        assertThat(hash.verify(bytes("test13"))).isFalse();
        assertThat(PasswordHash.parse(hash.text()).verify(bytes("test12"))).isTrue();
        assertThat(hash.slow()).isFalse();
    }

    @Test
    void otherTextsAreRefused() {
        assertThatThrownBy(() -> PasswordHash.parse("md5:abc")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PasswordHash.fromRabbitMq("AAAA")).hasMessageContaining("36 bytes");
    }
}
