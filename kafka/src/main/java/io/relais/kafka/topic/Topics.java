// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.topic;

import static org.apache.kafka.common.internals.Topic.hasCollisionChars;
import static org.apache.kafka.common.internals.Topic.unifyCollisionChars;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

import io.relais.broker.MetadataWriter;
import io.relais.broker.runtime.Owner;
import io.relais.broker.store.DurabilityListener;
import io.relais.kafka.partition.Partition;
import io.relais.log.LogId;
import io.relais.log.LogStore;
import io.relais.log.metadata.MetadataStore;
import io.relais.log.metadata.MetadataStore.Change;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * All topics, by name and by id. Changes take effect at once and are durable when {@link #whenDurable} says so: clients are answered then.
 *
 * <p>The logs of partitions are shard {@value #SHARD} of the log store; numbers are never used again. A partition's log is opened when it is first used.
 *
 * <p>Thread: the owner.
 */
public final class Topics {
    /** The shard of the log store that holds partitions. */
    public static final int SHARD = 1;

    private static final String NEXT_LOG = "/kafka/next-log";
    private static final String EPOCH = "/kafka/epoch";

    private final Owner owner;
    private final LogStore logs;
    private final MetadataWriter writer;
    private final RandomGenerator random;
    private final long epoch;
    private final Map<String, Topic> byName = new TreeMap<>();
    private final Map<Uuid, Topic> byId = new HashMap<>();
    private final Map<String, NavigableSet<String>> byUnifiedName = new HashMap<>();
    private final Map<Map<String, String>, TopicConfig> restoredConfigs = new HashMap<>();
    private final List<TopicListener> listeners = new ArrayList<>();
    private Map<String, String> defaults = TopicConfig.DEFAULTS;
    private long nextLog;
    private int partitionCount;

    private Topics(Owner owner, LogStore logs, MetadataWriter writer, RandomGenerator random, long epoch,
            long nextLog) {
        this.owner = owner;
        this.logs = logs;
        this.writer = writer;
        this.random = random;
        this.epoch = epoch;
        this.nextLog = nextLog;
    }

    /** Reads all topics. Completes on the owner thread. Logs that no topic has any more, left from a deletion that a crash cut short, are deleted. */
    public static CompletionStage<Topics> load(Owner owner, LogStore logs, MetadataStore metadata,
            MetadataWriter writer, RandomGenerator random) {
        return metadata.get(EPOCH).thenCombine(metadata.get(NEXT_LOG), (epoch, next) -> new long[]{
                epoch.map(value -> number(value.value())).orElse(0L) + 1,
                next.map(value -> number(value.value())).orElse(1L)})
                .thenCompose(numbers -> metadata.put(EPOCH, bytes(numbers[0]), MetadataStore.ANY)
                        .thenCompose(written -> metadata.scan(TopicRecord.PREFIX))
                        .thenCombine(logs.list(SHARD), (items, ids) -> {
                            Topics topics = new Topics(owner, logs, writer, random, numbers[0], numbers[1]);
                            items.forEach(topics::restore);
                            topics.deleteUnknown(ids);
                            return topics;
                        }))
                .thenApplyAsync(topics -> topics, owner::execute);
    }

    private static long number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong();
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private void restore(MetadataStore.Item item) {
        TopicRecord record = TopicRecord.of(item.value());
        Topic topic = new Topic(item.key().substring(TopicRecord.PREFIX.length()), Uuid.fromString(record.id()),
                restoredConfigs.computeIfAbsent(record.configs(), set -> TopicConfig.restored(set, defaults)));
        for (TopicRecord.Run run : record.logs()) {
            for (int i = 0; i < run.count(); i++) {
                addPartition(topic, run.first() + i);
            }
        }
        index(topic);
    }

    private void index(Topic topic) {
        byName.put(topic.name(), topic);
        byId.put(topic.id(), topic);
        if (hasCollisionChars(topic.name())) {
            byUnifiedName.computeIfAbsent(unifyCollisionChars(topic.name()), _ -> new TreeSet<>()).add(topic.name());
        }
    }

    private void deleteUnknown(List<LogId> found) {
        var known = new java.util.HashSet<Long>();
        byName.values().forEach(topic -> topic.partitions().forEach(partition -> known.add(partition.log().number())));
        found.stream().filter(id -> !known.contains(id.number())).forEach(logs::delete);
    }

    private void addPartition(Topic topic, long log) {
        partitionCount++;
        topic.add(new Partition(topic, topic.partitions().size(), new LogId(SHARD, log), epoch, logs, owner));
    }

    public @Nullable Topic byName(String name) {
        return byName.get(name);
    }

    public @Nullable Topic byId(Uuid id) {
        return byId.get(id);
    }

    /** One partition; null where there is none. */
    public @Nullable Partition partition(String name, int index) {
        Topic topic = byName.get(name);
        return topic == null ? null : topic.partition(index);
    }

    /** All topics, by name. */
    public Collection<Topic> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** Partitions of all topics together. */
    public int partitionCount() {
        return partitionCount;
    }

    /** A topic whose name differs in nothing but {@code .} and {@code _}, which metrics would confuse; null where there is none. */
    public @Nullable String collidingWith(String name) {
        NavigableSet<String> colliding = hasCollisionChars(name) ? byUnifiedName.get(unifyCollisionChars(name)) : null;
        return colliding == null || colliding.isEmpty() ? null : colliding.first();
    }

    /**
     * A configuration on top of what is configured for all topics.
     *
     * @throws org.apache.kafka.common.errors.ApiException or {@link org.apache.kafka.common.config.ConfigException} where a name or a value is not one
     */
    public TopicConfig configOf(Map<String, String> overrides) {
        return TopicConfig.of(overrides, defaults);
    }

    /** Changes what is configured for all topics, by the names of topic configurations. The values are checked already. */
    public void defaults(Map<String, String> changed) {
        Map<String, String> merged = new HashMap<>(TopicConfig.DEFAULTS);
        merged.putAll(changed);
        if (!merged.equals(defaults)) {
            defaults = Map.copyOf(merged);
            restoredConfigs.clear();
            for (Topic topic : byName.values()) {
                topic.config(restoredConfigs.computeIfAbsent(topic.config().overrides(),
                        set -> TopicConfig.restored(set, defaults)));
                listeners.forEach(listener -> listener.configured(topic));
            }
        }
    }

    /** Told of every change, after it was made. */
    public void onChange(TopicListener listener) {
        listeners.add(listener);
    }

    /** Creates a topic; the name is valid and free. */
    public Topic create(String name, int partitions, TopicConfig config) {
        if (byName.containsKey(name)) {
            throw new IllegalArgumentException("topic " + name + " exists");
        }
        Topic topic = new Topic(name, newId(), config);
        index(topic);
        for (int i = 0; i < partitions; i++) {
            addPartition(topic, nextLog++);
        }
        save(topic);
        listeners.forEach(listener -> listener.created(topic));
        return topic;
    }

    private Uuid newId() {
        Uuid id;
        do {
            id = new Uuid(random.nextLong(), random.nextLong());
        } while (Uuid.RESERVED.contains(id) || id.toString().startsWith("-") || byId.containsKey(id));
        return id;
    }

    /** Adds partitions until there are so many. */
    public void grow(Topic topic, int partitions) {
        int before = topic.partitions().size();
        while (topic.partitions().size() < partitions) {
            addPartition(topic, nextLog++);
        }
        save(topic);
        listeners.forEach(listener -> listener.grown(topic, before));
    }

    public void configure(Topic topic, TopicConfig config) {
        topic.config(config);
        save(topic);
        listeners.forEach(listener -> listener.configured(topic));
    }

    /** Deletes a topic with all its records. */
    public void delete(Topic topic) {
        byName.remove(topic.name());
        byId.remove(topic.id());
        NavigableSet<String> similar = byUnifiedName.get(unifyCollisionChars(topic.name()));
        if (similar != null && similar.remove(topic.name()) && similar.isEmpty()) {
            byUnifiedName.remove(unifyCollisionChars(topic.name()));
        }
        partitionCount -= topic.partitions().size();
        writer.submit(List.of(new Change.Delete(TopicRecord.PREFIX + topic.name(), MetadataStore.ANY)));
        listeners.forEach(listener -> listener.deleted(topic));
        writer.whenDurable(new DurabilityListener() {
            @Override
            public void durable() {
                topic.partitions().forEach(Partition::delete);
            }

            @Override
            public void failed(String why) {
                // the storage failed: at the next start the topic is there, with its records
            }
        });
    }

    private void save(Topic topic) {
        TopicRecord record = TopicRecord.of(topic.id().toString(),
                topic.partitions().stream().map(partition -> partition.log().number()).toList(),
                topic.config().overrides());
        writer.submit(List.of(new Change.Put(NEXT_LOG, bytes(nextLog), MetadataStore.ANY),
                new Change.Put(TopicRecord.PREFIX + topic.name(), record.bytes(), MetadataStore.ANY)));
    }

    /** Calls back once every change so far is durable. */
    public void whenDurable(DurabilityListener listener) {
        writer.whenDurable(listener);
    }
}
