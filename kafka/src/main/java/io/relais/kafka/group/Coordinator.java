// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletionStage;

import com.yammer.metrics.core.MetricsRegistry;
import io.relais.kafka.KafkaContext;
import org.apache.kafka.common.internals.Plugin;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.server.share.persister.Persister;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's group coordinator with what it stands on. Its threads: one, and one more while it assigns partitions or looks for topics of a regular expression.
 *
 * @param partitions of {@code __consumer_offsets}
 */
record Coordinator(GroupCoordinatorService service, CoordinatorProgress progress, OwnerTimer timer, TopicImages images,
        Metrics metrics, MetricsRegistry registry, int partitions) {

    /** Builds it: loads a few hundred classes, so not on the owner. */
    static Coordinator build(KafkaContext context, GroupSettings settings, GroupAccess access, Persister persister,
            OffsetsTopic offsets, OffsetsPartitions writer, int partitions) {
        GroupCoordinatorConfig config = settings.coordinator();
        CoordinatorProgress progress = new CoordinatorProgress(partitions);
        OwnerTimer timer = new OwnerTimer(context.owner());
        Metrics metrics = new Metrics();
        MetricsRegistry registry = new MetricsRegistry();
        GroupCoordinatorService service = new GroupCoordinatorService.Builder(context.settings().nodeId(), config)
                .withWriter(writer).withLoader(new OffsetsLoader(context.owner(), offsets, writer))
                .withTime(new CoordinatorClock(context.owner().clock())).withTimer(timer)
                .withCoordinatorRuntimeMetrics(progress)
                .withGroupCoordinatorMetrics(new GroupCoordinatorMetrics(registry, metrics))
                .withGroupConfigManager(new GroupConfigManager(config, settings.share())).withPersister(persister)
                .withAuthorizerPlugin(access.authorizer()
                        .map(authorizer -> Plugin.wrapInstance(authorizer, metrics, "authorizer.class.name")))
                .withPartitionMetadataClient(new LatestOffsets(context.owner(), context.topics())).build();
        service.startup(() -> partitions);
        return new Coordinator(service, progress, timer, new TopicImages(), metrics, registry, partitions);
    }

    /** Makes it the coordinator of all partitions: it begins to load them. */
    void elect() {
        for (int i = 0; i < partitions; i++) {
            service.onElection(i, 0);
        }
    }

    CompletionStage<@Nullable Void> loaded() {
        return progress.loaded();
    }

    /** Tells it of topics, one call at a time. Blocks until what follows from the change is written. */
    void update(List<ApiMessage> records) {
        TopicImages.Update update = images.apply(records);
        service.onMetadataUpdate(update.delta(), update.image());
    }

    void configure(String groupId, Map<String, String> configs) {
        Properties properties = new Properties();
        properties.putAll(configs);
        service.updateGroupConfig(groupId, properties);
    }

    /** Blocks until its threads have ended. */
    void close() {
        service.shutdown();
        timer.close();
        metrics.close();
        registry.shutdown();
    }
}
