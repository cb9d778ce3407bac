// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.group;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.relais.kafka.topic.Topic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.FeatureLevelRecord;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RegisterBrokerRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The topics as Kafka's coordinator wants to see them: images of a cluster of one node, each made from the one before it.
 *
 * <p>Thread: records are made by the owner; {@link #apply} is called by one thread at a time. Memory: about 300 bytes per partition.
 */
final class TopicImages {
    private MetadataImage image = MetadataImage.EMPTY;
    private long changes;

    /** A change, and what it led to. */
    record Update(MetadataDelta delta, MetadataImage image) {}

    /** What is there before the first topic: one broker. */
    static List<ApiMessage> cluster(int nodeId) {
        List<ApiMessage> records = new ArrayList<>();
        records.add(new FeatureLevelRecord().setName(MetadataVersion.FEATURE_NAME)
                .setFeatureLevel(MetadataVersion.LATEST_PRODUCTION.featureLevel()));
        records.add(new RegisterBrokerRecord().setBrokerId(nodeId).setIncarnationId(new Uuid(0, nodeId))
                .setBrokerEpoch(0).setFenced(false));
        return records;
    }

    static List<ApiMessage> topics(Collection<Topic> topics, int nodeId) {
        List<ApiMessage> records = new ArrayList<>();
        topics.forEach(topic -> records.addAll(created(topic, nodeId)));
        return records;
    }

    static List<ApiMessage> created(Topic topic, int nodeId) {
        List<ApiMessage> records = new ArrayList<>();
        records.add(new TopicRecord().setName(topic.name()).setTopicId(topic.id()));
        records.addAll(grown(topic, 0, nodeId));
        return records;
    }

    static List<ApiMessage> grown(Topic topic, int before, int nodeId) {
        List<ApiMessage> records = new ArrayList<>();
        List<Integer> here = List.of(nodeId);
        for (int i = before; i < topic.partitions().size(); i++) {
            records.add(new PartitionRecord().setTopicId(topic.id()).setPartitionId(i).setReplicas(here).setIsr(here)
                    .setLeader(nodeId).setLeaderEpoch(topic.partitions().get(i).leaderEpoch()).setPartitionEpoch(0));
        }
        return records;
    }

    static List<ApiMessage> deleted(Topic topic) {
        return List.of(new RemoveTopicRecord().setTopicId(topic.id()));
    }

    Update apply(List<ApiMessage> records) {
        MetadataDelta delta = new MetadataDelta.Builder().setImage(image).build();
        records.forEach(delta::replay);
        changes++;
        image = delta.apply(new MetadataProvenance(changes, 0, 0, true));
        return new Update(delta, image);
    }
}
