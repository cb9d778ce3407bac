// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.partition.Partition;
import io.relais.kafka.wire.Request;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirPartitionResult;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DescribeLogDirs (KIP-113): the data folder, and the bytes of each partition's files. There is one folder, so that AlterReplicaLogDirs has nowhere to move to.
 *
 * <p>Logs that nobody used since the start are opened to be measured.
 */
public final class LogDirsApi {
    private static final Logger LOG = LoggerFactory.getLogger(LogDirsApi.class);

    private final KafkaContext context;
    private final Volume volume;

    public LogDirsApi(KafkaContext context, Volume volume) {
        this.context = context;
        this.volume = volume;
    }

    public void describe(Request request) {
        if (!context.access().allowedOnCluster(request, AclOperation.DESCRIBE)) {
            request.respond(new DescribeLogDirsResponseData().setErrorCode(Errors.CLUSTER_AUTHORIZATION_FAILED.code()));
            return;
        }
        new Measuring(request).start(wanted(request.data(DescribeLogDirsRequestData.class)));
    }

    private Set<Partition> wanted(DescribeLogDirsRequestData data) {
        Set<Partition> partitions = new LinkedHashSet<>();
        if (data.topics() == null) {
            context.topics().all().forEach(topic -> partitions.addAll(topic.partitions()));
        } else {
            data.topics().forEach(topic -> topic.partitions().forEach(index -> {
                Partition partition = context.topics().partition(topic.topic(), index);
                if (partition != null) {
                    partitions.add(partition);
                }
            }));
        }
        return partitions;
    }

    /** Waits for the logs of one request. */
    private final class Measuring {
        private final Request request;
        private final Map<String, DescribeLogDirsTopic> topics = new LinkedHashMap<>();
        private int left = 1;

        Measuring(Request request) {
            this.request = request;
        }

        void start(Set<Partition> partitions) {
            for (Partition partition : partitions) {
                left++;
                partition.whenOpen(new Partition.OpenListener() {
                    @Override
                    public void opened(RetainedLog log) {
                        measured(partition, log.sizeBytes());
                        oneDone();
                    }

                    @Override
                    public void failed(Errors why) {
                        oneDone(); // what cannot be opened has no size to tell
                    }
                });
            }
            oneDone();
        }

        private void measured(Partition partition, long bytes) {
            topics.computeIfAbsent(partition.topic().name(), name -> new DescribeLogDirsTopic().setName(name))
                    .partitions().add(new DescribeLogDirsPartition().setPartitionIndex(partition.index())
                            .setPartitionSize(bytes));
        }

        private void oneDone() {
            left--;
            if (left == 0) {
                context.blocking().execute(this::measureVolume);
            }
        }

        /** Thread: a blocking one. */
        private void measureVolume() {
            DescribeLogDirsResult result = new DescribeLogDirsResult().setLogDir(context.settings().dataFolder())
                    .setTopics(new ArrayList<>(topics.values()));
            try {
                result.setTotalBytes(volume.totalBytes()).setUsableBytes(volume.usableBytes());
            } catch (IOException e) {
                LOG.warn("the size of the disk under {} cannot be read", result.logDir(), e);
            }
            DescribeLogDirsResponseData response = new DescribeLogDirsResponseData();
            response.results().add(result);
            context.owner().execute(() -> request.respond(response));
        }
    }

    /** AlterReplicaLogDirs. */
    public void alter(Request request) {
        boolean allowed = context.access().allowedOnCluster(request, AclOperation.ALTER);
        Map<String, AlterReplicaLogDirTopicResult> results = new LinkedHashMap<>();
        request.data(AlterReplicaLogDirsRequestData.class).dirs()
                .forEach(folder -> folder.topics().forEach(topic -> topic.partitions().forEach(index -> {
                    Errors error = allowed
                            ? refusal(folder.path(), topic.name(), index)
                            : Errors.CLUSTER_AUTHORIZATION_FAILED;
                    results.computeIfAbsent(topic.name(),
                            name -> new AlterReplicaLogDirTopicResult().setTopicName(name)).partitions()
                            .add(new AlterReplicaLogDirPartitionResult().setPartitionIndex(index)
                                    .setErrorCode(error.code()));
                })));
        request.respond(new AlterReplicaLogDirsResponseData().setResults(List.copyOf(results.values())));
    }

    private Errors refusal(String folder, String topic, int index) {
        if (!folder.equals(context.settings().dataFolder())) {
            return Errors.LOG_DIR_NOT_FOUND;
        }
        return context.topics().partition(topic, index) == null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.NONE;
    }
}
