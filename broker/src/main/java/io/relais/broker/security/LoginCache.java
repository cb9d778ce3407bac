// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.security;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers which passwords were right, so that a thousand connections do not derive a thousand keys. Kept is a hash under a key that this process alone knows, not the password.
 *
 * <p>Thread: the owner. Memory: at most {@value #ENTRIES_MAX} entries of about 150 bytes; the least recently used goes first.
 */
final class LoginCache {
    static final int ENTRIES_MAX = 4_096;

    private final Mac mac;
    private final Map<String, byte[]> proofs = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > ENTRIES_MAX;
        }
    };

    LoginCache(RandomGenerator random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** A keyed hash of a password; tells nothing without the key. */
    byte[] proof(byte[] password) {
        return mac.doFinal(password);
    }

    boolean knows(String user, byte[] proof) {
        byte[] known = proofs.get(user);
        return known != null && MessageDigest.isEqual(known, proof);
    }

    void remember(String user, byte[] proof) {
        proofs.put(user, proof);
    }

    /** The user has another password now, or is gone. */
    void forget(String user) {
        proofs.remove(user);
    }

    int size() {
        return proofs.size();
    }
}
