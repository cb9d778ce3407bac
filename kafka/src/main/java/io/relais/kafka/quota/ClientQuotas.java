// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.quota;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

import io.relais.broker.runtime.Clock;
import io.relais.kafka.security.Access;
import io.relais.kafka.wire.ApiHandler;
import io.relais.kafka.wire.Connection;
import io.relais.kafka.wire.Quotas;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Keeps clients to their limits (KIP-13, KIP-124, KIP-599): who takes more than its rate is told for how long to be quiet, and its connection is not read so long (KIP-219).
 *
 * <p>Thread: the owner. Memory: the accounts of the {@value #BUCKETS_MAX} that were active last; who comes back after that begins with a full one.
 */
public final class ClientQuotas implements Quotas {
    /** The longest that one answer asks to be quiet; a debt beyond it comes with the next. */
    static final int THROTTLE_MAX_MS = 30_000;
    static final int BUCKETS_MAX = 10_000;

    private static final double PERCENT_OF_A_SECOND = 100 / 1e9;

    private final QuotaStore store;
    private final Access access;
    private final Clock clock;
    private final Map<Account, TokenBucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Account, TokenBucket> eldest) {
            return size() > BUCKETS_MAX;
        }
    };

    private record Account(QuotaKey key, String user, String client) {}

    public ClientQuotas(QuotaStore store, Access access, Clock clock) {
        this.store = store;
        this.access = access;
        this.clock = clock;
    }

    @Override
    public int throttleMs(Request request, long bytes) {
        long throttleMs = 0;
        if (bytes > 0) {
            throttleMs = charge(request, request.key() == ApiKeys.PRODUCE
                    ? QuotaKey.PRODUCER_BYTE_RATE
                    : QuotaKey.CONSUMER_BYTE_RATE, (double) bytes);
        }
        throttleMs = Math.max(throttleMs, charge(request, QuotaKey.REQUEST_PERCENTAGE, 0));
        if (strictFrom(request.key()) >= 0) {
            throttleMs = Math.max(throttleMs, charge(request, QuotaKey.CONTROLLER_MUTATION_RATE, 0));
        }
        return (int) Math.min(throttleMs, THROTTLE_MAX_MS);
    }

    private long charge(Request request, QuotaKey key, double amount) {
        if (!store.has(key)) {
            return 0;
        }
        TokenBucket bucket = bucket(key,
                store.find(key, access.principal(request).getName(), request.clientId()));
        if (bucket == null) {
            return 0;
        }
        long now = clock.nowNs();
        if (amount > 0) {
            bucket.take(amount, now);
        }
        return bucket.debtMs(now);
    }

    private @Nullable TokenBucket bucket(QuotaKey key, QuotaStore.@Nullable Limit limit) {
        if (limit == null) {
            return null;
        }
        Account account = new Account(key, limit.user(), limit.client());
        TokenBucket bucket = buckets.get(account);
        if (bucket == null || bucket.perSecond() != limit.perSecond()) {
            bucket = new TokenBucket(limit.perSecond(), limit.perSecond() * key.burstSeconds(), clock.nowNs());
            buckets.put(account, bucket);
        }
        return bucket;
    }

    /** A handler whose time on the owner's thread counts for {@code request_percentage}. What is done later, when records have been read or written, does not. */
    public ApiHandler timed(ApiHandler handler) {
        return request -> {
            if (!store.has(QuotaKey.REQUEST_PERCENTAGE)) {
                handler.handle(request);
                return;
            }
            long before = clock.nowNs();
            handler.handle(request);
            charge(request, QuotaKey.REQUEST_PERCENTAGE, (clock.nowNs() - before) * PERCENT_OF_A_SECOND);
        };
    }

    /**
     * Counts partitions that are about to be created or deleted.
     *
     * @return 0 where they may be; else how many milliseconds to wait. Versions before KIP-599 may always, and are made to wait afterwards
     */
    public long mutateController(Request request, int partitions, boolean validateOnly) {
        long debtMs = charge(request, QuotaKey.CONTROLLER_MUTATION_RATE, 0);
        boolean strict = request.version() >= strictFrom(request.key());
        if (debtMs > 0 && strict) {
            return debtMs;
        }
        if (!validateOnly) {
            charge(request, QuotaKey.CONTROLLER_MUTATION_RATE, partitions);
        }
        return 0;
    }

    /** The first version that refuses what is beyond the rate; -1 of keys that change no topics. */
    private static int strictFrom(ApiKeys key) {
        return switch (key) {
            case CREATE_TOPICS -> 6;
            case DELETE_TOPICS -> 5;
            case CREATE_PARTITIONS -> 3;
            default -> -1;
        };
    }

    /** Counts a connection; returns how many milliseconds it is not to be read. */
    public int connectionMs(Connection connection) {
        if (!store.has(QuotaKey.CONNECTION_CREATION_RATE)) {
            return 0;
        }
        InetAddress address = connection.remoteAddress().getAddress();
        TokenBucket bucket = bucket(QuotaKey.CONNECTION_CREATION_RATE,
                store.findAddress(QuotaKey.CONNECTION_CREATION_RATE, address.getHostAddress()));
        if (bucket == null) {
            return 0;
        }
        long now = clock.nowNs();
        bucket.take(1, now);
        return (int) Math.min(bucket.debtMs(now), THROTTLE_MAX_MS);
    }
}
