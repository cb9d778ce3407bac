// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.security;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password, hashed. Two forms, each with a text that is stored:
 *
 * <pre>
 * pbkdf2-sha256:ITERATIONS:SALT:HASH   new passwords; salt (16 bytes) and hash (32 bytes) in Base64
 * sha256:VALUE                         RabbitMQ's rabbit_password_hashing_sha256: Base64 of salt (4 bytes) and SHA-256 of salt and password
 * </pre>
 *
 * <p>Verifying the first is slow by design: not for the owner thread.
 */
public sealed interface PasswordHash {

    /** Rounds for new passwords (OWASP Password Storage Cheat Sheet: PBKDF2-HMAC-SHA256). */
    int ITERATIONS = 600_000;

    /** Whether a password is the one that was hashed. Takes the same time whatever the answer. */
    boolean verify(byte[] password);

    /** Whether {@link #verify} takes so long that it must not run on the owner thread. */
    boolean slow();

    /** The stored form. */
    String text();

    /** Hashes a new password. Slow. */
    static PasswordHash pbkdf2(byte[] password, int iterations, RandomGenerator random) {
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        return new Pbkdf2(iterations, salt, Pbkdf2.derive(password, salt, iterations));
    }

    /** Hashes a password that needs no protection, such as a default that is in every manual. */
    static PasswordHash saltedSha256(byte[] password, RandomGenerator random) {
        byte[] salt = new byte[4];
        random.nextBytes(salt);
        return new SaltedSha256(salt, SaltedSha256.digest(salt, password));
    }

    /** Takes over a hash as RabbitMQ exports it: Base64 of 4 bytes of salt and 32 of SHA-256. Fails with {@link IllegalArgumentException}. */
    static PasswordHash fromRabbitMq(String base64) {
        byte[] value = Base64.getDecoder().decode(base64.strip());
        if (value.length != SaltedSha256.LENGTH) {
            throw new IllegalArgumentException("a password hash of RabbitMQ (SHA-256) has " + SaltedSha256.LENGTH
                    + " bytes in Base64, this has " + value.length);
        }
        return new SaltedSha256(Arrays.copyOf(value, 4), Arrays.copyOfRange(value, 4, value.length));
    }

    /** Reads the stored form. Fails with {@link IllegalArgumentException}. */
    static PasswordHash parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length == 2 && parts[0].equals(SaltedSha256.NAME)) {
            return fromRabbitMq(parts[1]);
        }
        if (parts.length == 4 && parts[0].equals(Pbkdf2.NAME)) {
            Base64.Decoder decoder = Base64.getDecoder();
            return new Pbkdf2(Integer.parseInt(parts[1]), decoder.decode(parts[2]), decoder.decode(parts[3]));
        }
        throw new IllegalArgumentException("unknown form of password hash: " + parts[0]);
    }

    /** PBKDF2-HMAC-SHA256 (RFC 8018). */
    record Pbkdf2(int iterations, byte[] salt, byte[] hash) implements PasswordHash {
        static final String NAME = "pbkdf2-sha256";
        private static final int HASH_BITS = 256;

        @Override
        public boolean verify(byte[] password) {
            return MessageDigest.isEqual(hash, derive(password, salt, iterations));
        }

        @Override
        public boolean slow() {
            return true;
        }

        @Override
        public String text() {
            Base64.Encoder encoder = Base64.getEncoder();
            return NAME + ":" + iterations + ":" + encoder.encodeToString(salt) + ":" + encoder.encodeToString(hash);
        }

        static byte[] derive(byte[] password, byte[] salt, int iterations) {
            try {
                return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                        .generateSecret(new PBEKeySpec(characters(password), salt, iterations, HASH_BITS))
                        .getEncoded();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
            }
        }

        /** The key derivation wants characters and turns them into UTF-8 again; bytes that are no UTF-8 go in as their hexadecimal form. */
        private static char[] characters(byte[] password) {
            try {
                CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
                return Arrays.copyOf(decoded.array(), decoded.length());
            } catch (CharacterCodingException _) {
                return ("hex:" + HexFormat.of().formatHex(password)).toCharArray();
            }
        }
    }

    /** One round of SHA-256 over salt and password: RabbitMQ's default since 3.6. */
    record SaltedSha256(byte[] salt, byte[] hash) implements PasswordHash {
        static final String NAME = "sha256";
        static final int LENGTH = 4 + 32;

        @Override
        public boolean verify(byte[] password) {
            return MessageDigest.isEqual(hash, digest(salt, password));
        }

        @Override
        public boolean slow() {
            return false;
        }

        @Override
        public String text() {
            byte[] value = ByteBuffer.allocate(LENGTH).put(salt).put(hash).array();
            return NAME + ":" + Base64.getEncoder().encodeToString(value);
        }

        static byte[] digest(byte[] salt, byte[] password) {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                digest.update(salt);
                return digest.digest(password);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }
}
