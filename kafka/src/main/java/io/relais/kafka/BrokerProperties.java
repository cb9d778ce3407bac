// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.relais.kafka.clean.CleanSettings;
import io.relais.kafka.group.GroupSettings;
import io.relais.kafka.transaction.TransactionSettings;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/** What a broker's properties of Kafka set here: groups, transactions, the cleaner. Others are refused rather than passed over. */
public final class BrokerProperties {
    private static final String STATE_PARTITIONS = "transaction.state.log.num.partitions";
    private static final String STATE_SEGMENT = "transaction.state.log.segment.bytes";
    private static final String MAX_TIMEOUT = "transaction.max.timeout.ms";
    private static final String ABORT_CHECK = "transaction.abort.timed.out.transaction.cleanup.interval.ms";
    private static final String ID_EXPIRATION = "transactional.id.expiration.ms";
    private static final String ID_CHECK = "transaction.remove.expired.transaction.cleanup.interval.ms";
    private static final String RETENTION_CHECK = "log.retention.check.interval.ms";
    private static final String COMPACTION_CHECK = "log.cleaner.backoff.ms";
    private static final String OFFSET_MAP = "log.cleaner.dedupe.buffer.size";
    private static final Set<String> NUMBERS = Set.of(STATE_PARTITIONS, STATE_SEGMENT, MAX_TIMEOUT, ABORT_CHECK,
            ID_EXPIRATION, ID_CHECK, RETENTION_CHECK, COMPACTION_CHECK, OFFSET_MAP);

    private final Map<String, String> values;

    private BrokerProperties(Map<String, String> values) {
        this.values = values;
    }

    static BrokerProperties of(KafkaSettings settings) {
        return new BrokerProperties(settings.properties());
    }

    /**
     * The same properties, once it is sure that each means something and has a value that can be.
     *
     * @throws IllegalArgumentException where one does not
     */
    static Map<String, String> checked(Map<String, String> values) {
        Set<String> known = names();
        values.keySet().stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("'" + name
                    + "' means nothing here: what can be set is what Kafka has of groups, offsets and share groups, and "
                    + String.join(", ", new TreeSet<>(NUMBERS)));
        });
        BrokerProperties properties = new BrokerProperties(Map.copyOf(values));
        try {
            properties.groups().coordinator();
            properties.groups().share();
            NUMBERS.forEach(name -> properties.number(name, 1, Long.MAX_VALUE));
        } catch (ConfigException | NumberFormatException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return properties.values;
    }

    private static Set<String> names() {
        Set<String> names = new TreeSet<>(NUMBERS);
        names.addAll(GroupCoordinatorConfig.CONFIG_DEF.names());
        names.addAll(ShareGroupConfig.CONFIG_DEF.names());
        return names;
    }

    GroupSettings groups() {
        Map<String, String> ofGroups = new HashMap<>(values);
        ofGroups.keySet().removeAll(NUMBERS);
        return GroupSettings.of(ofGroups);
    }

    TransactionSettings transactions() {
        TransactionSettings usual = TransactionSettings.DEFAULT;
        return new TransactionSettings((int) number(STATE_PARTITIONS, usual.statePartitions(), 1000),
                (int) number(STATE_SEGMENT, usual.stateSegmentBytes(), Integer.MAX_VALUE),
                (int) number(MAX_TIMEOUT, usual.maxTimeoutMs(), Integer.MAX_VALUE),
                number(ABORT_CHECK, usual.abortCheckMs(), Long.MAX_VALUE),
                number(ID_EXPIRATION, usual.idExpirationMs(), Long.MAX_VALUE),
                number(ID_CHECK, usual.idCheckMs(), Long.MAX_VALUE));
    }

    CleanSettings cleaner() {
        CleanSettings usual = CleanSettings.DEFAULT;
        return new CleanSettings(number(COMPACTION_CHECK, usual.compactionCheckMs(), Long.MAX_VALUE),
                number(RETENTION_CHECK, usual.retentionCheckMs(), Long.MAX_VALUE),
                (int) number(OFFSET_MAP, usual.offsetMapBytes(), Integer.MAX_VALUE));
    }

    private long number(String name, long usual, long max) {
        String text = values.get(name);
        long value = text == null ? usual : Long.parseLong(text.strip());
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " is from 1 to " + max + ", not " + value);
        }
        return value;
    }
}
