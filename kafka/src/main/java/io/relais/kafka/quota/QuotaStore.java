// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.quota;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.relais.kafka.metadata.RecordMap;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.image.ClientQuotaImage;
import org.apache.kafka.image.ClientQuotasImage;
import org.jspecify.annotations.Nullable;

/**
 * All limits, and which of them holds for whom: the most special one (KIP-55).
 *
 * <p>Thread: the owner.
 */
public final class QuotaStore {
    private final RecordMap<QuotaRecord> records;
    private final Map<QuotaKey, Map<Entity, Double>> limits = new EnumMap<>(QuotaKey.class);

    /** A user, a client, or both; the empty text is the default of a type, null is none of that type. Addresses are users here, in a table of their own. */
    private record Entity(@Nullable String user, @Nullable String client) {}

    /**
     * A limit that holds for somebody.
     *
     * @param user   whose bytes count together: all of this user's, or, where it is empty, of every user
     * @param client or all of this client's
     */
    record Limit(String user, String client, double perSecond) {}

    /** @param records below {@code /kafka/quotas/}, by entity */
    public QuotaStore(RecordMap<QuotaRecord> records) {
        this.records = records;
        index();
    }

    private void index() {

        limits.clear();
        for (QuotaRecord record : records.all().values()) {
            record.limits().forEach((name, limit) -> {
                QuotaKey key = QuotaKey.of(name);
                if (key != null) {
                    limits.computeIfAbsent(key, _ -> new HashMap<>()).put(entity(record.entity()), limit);
                }
            });
        }
    }

    private static Entity entity(Map<String, @Nullable String> names) {
        return names.containsKey(ClientQuotaEntity.IP)
                ? new Entity(orEmpty(names.get(ClientQuotaEntity.IP)), null)
                : new Entity(
                        names.containsKey(ClientQuotaEntity.USER)
                                ? orEmpty(names.get(ClientQuotaEntity.USER))
                                : null,
                        names.containsKey(ClientQuotaEntity.CLIENT_ID)
                                ? orEmpty(names.get(ClientQuotaEntity.CLIENT_ID))
                                : null);
    }

    private static String orEmpty(@Nullable String name) {
        return name == null ? "" : name;
    }

    boolean has(QuotaKey key) {
        return limits.containsKey(key);
    }

    /** The limit of a user's client; null where there is none. */
    @Nullable
    Limit find(QuotaKey key, String user, String client) {
        Map<Entity, Double> of = limits.get(key);
        if (of == null) {
            return null;
        }
        Limit found = limit(of, user, client, user, client);
        found = found == null ? limit(of, user, "", user, client) : found;
        found = found == null ? limit(of, user, null, user, "") : found;
        found = found == null ? limit(of, "", client, user, client) : found;
        found = found == null ? limit(of, "", "", user, client) : found;
        found = found == null ? limit(of, "", null, user, "") : found;
        found = found == null ? limit(of, null, client, "", client) : found;
        return found == null ? limit(of, null, "", "", client) : found;
    }

    /** The limit of an address; null where there is none. */
    @Nullable
    Limit findAddress(QuotaKey key, String address) {
        Map<Entity, Double> of = limits.get(key);
        if (of == null) {
            return null;
        }
        Limit found = limit(of, address, null, address, "");
        return found == null ? limit(of, "", null, address, "") : found;
    }

    private static @Nullable Limit limit(Map<Entity, Double> of, @Nullable String user, @Nullable String client,
            String countedUser, String countedClient) {
        Double limit = of.get(new Entity(user, client));
        return limit == null ? null : new Limit(countedUser, countedClient, limit);
    }

    /** What is set of an entity; empty where nothing is. */
    Map<String, Double> of(Map<String, @Nullable String> entity) {
        QuotaRecord record = records.get(name(entity));
        return record == null ? Map.of() : record.limits();
    }

    /** Sets all limits of an entity. */
    void put(Map<String, @Nullable String> entity, Map<String, Double> values) {
        if (values.isEmpty()) {
            records.remove(name(entity));
        } else {
            records.put(name(entity), new QuotaRecord(entity, values));
        }
        index();
    }

    /** {@code user=…;client-id=…}, each name with its length, so that none can be taken for another. */
    private static String name(Map<String, @Nullable String> entity) {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(entity).forEach((type, name) -> parts
                .add(type + (name == null ? "" : "=" + name.length() + ":" + name)));
        return String.join(";", parts);
    }

    /** All limits as Kafka's library describes them. */
    ClientQuotasImage image() {
        Map<ClientQuotaEntity, ClientQuotaImage> all = new HashMap<>();
        records.all().values().forEach(record -> all.put(new ClientQuotaEntity(record.entity()),
                new ClientQuotaImage(record.limits())));
        return new ClientQuotasImage(all);
    }
}
