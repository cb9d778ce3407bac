// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OffsetForLeaderEpoch (key 23): where an epoch ended, so that a consumer notices a log that was cut off (KIP-320). */
@KafkaTest
class LeaderEpochTest {
    private final Kafka kafka;
    private final String topic;

    LeaderEpochTest(Kafka kafka) throws Exception {
        this.kafka = kafka;
        topic = kafka.topic();
        kafka.send(topic, "a", "b", "c");
    }

    private EpochEndOffset ask(int version, int currentLeaderEpoch, int leaderEpoch, int partition) throws Exception {
        OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection();
        topics.add(new OffsetForLeaderTopic().setTopic(topic).setPartitions(List.of(new OffsetForLeaderPartition()
                .setPartition(partition).setCurrentLeaderEpoch(currentLeaderEpoch).setLeaderEpoch(leaderEpoch))));
        var request = new OffsetForLeaderEpochRequestData().setReplicaId(-1).setTopics(topics);
        return kafka.raw().call(request, version, new OffsetForLeaderEpochResponseData()).topics().iterator().next()
                .partitions().getFirst();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void theCurrentEpochEndsAtTheEndOfTheLog(int version) throws Exception {
        EpochEndOffset end = ask(version, -1, 0, 0);

        assertThat(Errors.forCode(end.errorCode())).isEqualTo(Errors.NONE);
        assertThat(end.leaderEpoch()).isZero();
        assertThat(end.endOffset()).isEqualTo(3);
    }

    @Test
    void anEpochThatNeverWasHasNoEnd() throws Exception {
        EpochEndOffset end = ask(4, -1, 7, 0);

        assertThat(Errors.forCode(end.errorCode())).isEqualTo(Errors.NONE);
        assertThat(end.leaderEpoch()).isEqualTo(-1);
        assertThat(end.endOffset()).isEqualTo(-1);
    }

    @Test
    void aCurrentEpochOfTheFutureIsRefused() throws Exception {
        assertThat(Errors.forCode(ask(4, 9, 0, 0).errorCode())).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void anUnknownPartitionIsRefused() throws Exception {
        assertThat(Errors.forCode(ask(4, -1, 0, 3).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
}
