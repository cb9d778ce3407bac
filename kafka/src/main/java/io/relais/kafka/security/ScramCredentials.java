// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.security.GeneralSecurityException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import io.relais.broker.security.PasswordHash;
import io.relais.broker.security.User;
import io.relais.kafka.metadata.RecordMap;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.image.ScramImage;
import org.apache.kafka.metadata.ScramCredentialData;
import org.jspecify.annotations.Nullable;

/**
 * What SCRAM checks proofs against. Credentials are set as in Kafka (KIP-554), for any name. For SCRAM-SHA-256 the broker's own users need none: their passwords are stored as PBKDF2-HMAC-SHA256, which is
 * what RFC 5802 calls the salted password. (The user {@code guest} of a new broker, and users imported from RabbitMQ, have a hash of another kind, and log in by PLAIN.)
 *
 * <p>Thread: the owner.
 */
public final class ScramCredentials {
    private final RecordMap<ScramRecord> records;
    private final Function<String, @Nullable User> users;

    /**
     * Makes it.
     *
     * @param records below {@code /kafka/scram/}, by user
     * @param users   the broker's users
     */
    public ScramCredentials(RecordMap<ScramRecord> records, Function<String, @Nullable User> users) {
        this.records = records;
        this.users = users;
    }

    /** What a user's proof is checked against; null where the user cannot log in so. */
    @Nullable
    ScramCredential find(String user, String mechanism) {
        ScramRecord record = records.get(user);
        ScramRecord.Stored stored = record == null ? null : record.byMechanism().get(mechanism);
        if (stored != null) {
            return stored.data().toCredential();
        }
        User known = mechanism.equals(ScramMechanism.SCRAM_SHA_256.mechanismName()) ? users.apply(user) : null;
        return known != null && known.password() instanceof PasswordHash.Pbkdf2 hash
                ? derived(hash.salt(), hash.hash(), hash.iterations())
                : null;
    }

    private static ScramCredential derived(byte[] salt, byte[] saltedPassword, int iterations) {
        ScramRecord.Stored stored = stored(ScramMechanism.SCRAM_SHA_256, salt, saltedPassword, iterations);
        return stored.data().toCredential();
    }

    private static ScramRecord.Stored stored(ScramMechanism mechanism, byte[] salt, byte[] saltedPassword,
            int iterations) {
        try {
            ScramFormatter formatter = new ScramFormatter(
                    org.apache.kafka.common.security.scram.internals.ScramMechanism
                            .forMechanismName(mechanism.mechanismName()));
            return new ScramRecord.Stored(salt, formatter.storedKey(formatter.clientKey(saltedPassword)),
                    formatter.serverKey(saltedPassword), iterations);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has what SCRAM needs", e);
        }
    }

    boolean has(String user, ScramMechanism mechanism) {
        ScramRecord record = records.get(user);
        return record != null && record.byMechanism().containsKey(mechanism.mechanismName());
    }

    void put(ScramCredentialUpsertion wanted) {
        ScramMechanism mechanism = ScramMechanism.fromType(wanted.mechanism());
        Map<String, ScramRecord.Stored> all = of(wanted.name());
        all.put(mechanism.mechanismName(),
                stored(mechanism, wanted.salt(), wanted.saltedPassword(), wanted.iterations()));
        records.put(wanted.name(), new ScramRecord(all));
    }

    void remove(String user, ScramMechanism mechanism) {
        Map<String, ScramRecord.Stored> left = of(user);
        left.remove(mechanism.mechanismName());
        if (left.isEmpty()) {
            records.remove(user);
        } else {
            records.put(user, new ScramRecord(left));
        }
    }

    private Map<String, ScramRecord.Stored> of(String user) {
        ScramRecord record = records.get(user);
        return record == null ? new HashMap<>() : new HashMap<>(record.byMechanism());
    }

    /** All that were set, as Kafka's library describes them. */
    ScramImage image() {
        Map<ScramMechanism, Map<String, ScramCredentialData>> all = new EnumMap<>(ScramMechanism.class);
        records.all().forEach((user, record) -> record.byMechanism().forEach(
                (name, stored) -> all.computeIfAbsent(ScramMechanism.fromMechanismName(name), _ -> new HashMap<>())
                        .put(user, stored.data())));
        return new ScramImage(all);
    }
}
