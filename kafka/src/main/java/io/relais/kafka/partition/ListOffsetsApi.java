// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import io.relais.kafka.KafkaContext;
import io.relais.kafka.wire.Request;
import io.relais.log.RetainedLog;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/** ListOffsets: the first offset, the last, and that of a moment. */
public final class ListOffsetsApi {
    private final KafkaContext context;

    public ListOffsetsApi(KafkaContext context) {
        this.context = context;
    }

    public void handle(Request request) {
        ListOffsetsRequestData data = request.data(ListOffsetsRequestData.class);
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        int[] left = {1};
        Runnable done = () -> {
            left[0]--;
            if (left[0] == 0) {
                request.respond(response);
            }
        };
        for (var topic : data.topics()) {
            ListOffsetsTopicResponse answers = new ListOffsetsTopicResponse().setName(topic.name());
            response.topics().add(answers);
            for (var wanted : topic.partitions()) {
                ListOffsetsPartitionResponse answer = new ListOffsetsPartitionResponse()
                        .setPartitionIndex(wanted.partitionIndex());
                answers.partitions().add(answer);
                Partition partition = context.topics().partition(topic.name(), wanted.partitionIndex());
                if (partition == null) {
                    answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
                    continue;
                }
                left[0]++;
                partition.whenOpen(new Partition.OpenListener() {
                    @Override
                    public void opened(RetainedLog log) {
                        long offset = wanted.timestamp() == ListOffsetsRequest.EARLIEST_TIMESTAMP
                                ? partition.logStartOffset()
                                : partition.highWatermark();
                        answer.setOffset(offset).setLeaderEpoch(partition.leaderEpoch());
                        done.run();
                    }

                    @Override
                    public void failed(Errors why) {
                        answer.setErrorCode(why.code());
                        done.run();
                    }
                });
            }
        }
        done.run();
    }
}
