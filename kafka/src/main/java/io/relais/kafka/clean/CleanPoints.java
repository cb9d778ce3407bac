// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.LongPredicate;

import io.relais.broker.runtime.Owner;
import io.relais.log.metadata.MetadataStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Up to where each log was compacted, kept in the metadata under {@code /kafka/clean/NUMBER}. What is lost of it costs another pass and nothing else: where nothing is known, a log is dirty from its beginning.
 *
 * <p>Thread: the owner.
 */
final class CleanPoints {
    static final long UNKNOWN = -1;

    private static final Logger LOG = LoggerFactory.getLogger(CleanPoints.class);
    private static final String PREFIX = "/kafka/clean/";

    private final MetadataStore store;
    private final Map<Long, Long> points = new HashMap<>();

    private CleanPoints(MetadataStore store) {
        this.store = store;
    }

    /** Reads what is known, and drops it of logs that are gone. Completes on the owner thread. */
    static CompletionStage<CleanPoints> load(MetadataStore store, LongPredicate exists, Owner owner) {
        return store.scan(PREFIX).thenApplyAsync(items -> {
            CleanPoints read = new CleanPoints(store);
            for (MetadataStore.Item item : items) {
                long log = Long.parseLong(item.key().substring(PREFIX.length()));
                if (exists.test(log)) {
                    read.points.put(log, ByteBuffer.wrap(item.value()).getLong());
                } else {
                    read.delete(log);
                }
            }
            return read;
        }, owner::execute);
    }

    /** Up to where a log was compacted; {@link #UNKNOWN} where it never was. */
    long of(long log) {
        return points.getOrDefault(log, UNKNOWN);
    }

    void set(long log, long offset) {
        points.put(log, offset);
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(offset).array();
        reported(log, store.put(PREFIX + log, value, MetadataStore.ANY));
    }

    void forget(long log) {
        if (points.remove(log) != null) {
            delete(log);
        }
    }

    private void delete(long log) {
        reported(log, store.delete(PREFIX + log, MetadataStore.ANY));
    }

    private static void reported(long log, CompletionStage<?> change) {
        change.whenComplete((done, error) -> {
            if (error != null) {
                LOG.warn("up to where log {} was compacted is not kept: it will be looked through again", log, error);
            }
        });
    }
}
