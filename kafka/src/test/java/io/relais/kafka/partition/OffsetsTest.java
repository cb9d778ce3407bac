// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.partition;

import static io.relais.kafka.partition.TestBatches.plain;
import static io.relais.kafka.partition.TestBatches.transactional;
import static io.relais.kafka.partition.TestBatches.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/** Which offsets a partition has, and where it is made to begin. */
class OffsetsTest {
    private SimulatedKafka kafka = SimulatedKafka.withTopic(Map.of());
    private TestClient client = kafka.client();

    private ListOffsetsPartitionResponse list(int version, long timestamp, int isolation) {
        ListOffsetsRequestData data = new ListOffsetsRequestData().setReplicaId(-1)
                .setIsolationLevel((byte) isolation);
        data.topics().add(new ListOffsetsRequestData.ListOffsetsTopic().setName("orders")
                .setPartitions(List.of(new ListOffsetsRequestData.ListOffsetsPartition().setTimestamp(timestamp))));
        return client.call(ApiKeys.LIST_OFFSETS, version, data, ListOffsetsResponseData.class).topics().getFirst()
                .partitions().getFirst();
    }

    private long offset(long timestamp) {
        return list(11, timestamp, 0).offset();
    }

    private static SimpleRecord at(long timestamp) {
        return new SimpleRecord(timestamp, utf8("k"), utf8("v"));
    }

    private DeleteRecordsResponseData.DeleteRecordsPartitionResult deleteBefore(long offset) {
        DeleteRecordsRequestData data = new DeleteRecordsRequestData().setTimeoutMs(1000);
        data.topics().add(new DeleteRecordsRequestData.DeleteRecordsTopic().setName("orders")
                .setPartitions(List.of(new DeleteRecordsRequestData.DeleteRecordsPartition().setOffset(offset))));
        return client.call(ApiKeys.DELETE_RECORDS, 2, data, DeleteRecordsResponseData.class).topics().find("orders")
                .partitions().iterator().next();
    }

    @Test
    void recordsAreFoundByTheirTimeEachOnItsOwn() {
        client.produce(9, MemoryRecords.withRecords(Compression.NONE, at(100), at(300), at(200)));
        client.produce(9, MemoryRecords.withRecords(Compression.lz4().build(), at(250), at(500), at(400)));

        assertThat(offset(0)).isZero();
        assertThat(offset(101)).isEqualTo(1);
        assertThat(offset(301)).isEqualTo(4);
        assertThat(list(11, 301, 0).timestamp()).isEqualTo(500);
        assertThat(offset(501)).isEqualTo(-1);
        assertThat(offset(-3)).isEqualTo(4);
        assertThat(list(11, -3, 0).timestamp()).isEqualTo(500);
    }

    @Test
    void specialTimestampsAreThoseOfALogWithoutAnotherTier() {
        client.produce(12, plain("a", "b"));
        client.produce(12, transactional(5, 0, 0, "c"));

        assertThat(offset(-1)).isEqualTo(3);
        assertThat(list(11, -1, 1).offset()).isEqualTo(2);
        assertThat(offset(-2)).isZero();
        assertThat(offset(-4)).isZero();
        assertThat(offset(-5)).isEqualTo(-1);
        assertThat(offset(-6)).isEqualTo(-1);
        assertThat(Errors.forCode(list(10, -6, 0).errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(Errors.forCode(list(6, -3, 0).errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(Errors.forCode(list(11, -7, 0).errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(Errors.forCode(list(11, Long.MIN_VALUE, 0).errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    @Test
    void anEmptyPartitionHasNoLatestRecord() {
        assertThat(offset(-3)).isEqualTo(-1);
        assertThat(offset(5)).isEqualTo(-1);
        assertThat(offset(-1)).isZero();
    }

    @Test
    void whoReadsCommittedDoesNotFindWhatIsNotDecided() {
        client.produce(12, MemoryRecords.withTransactionalRecords(Compression.NONE, 5, (short) 0, 0, at(100)));

        assertThat(offset(50)).isZero();
        assertThat(list(11, 50, 1).offset()).isEqualTo(-1);
    }

    @Test
    void deletedRecordsStayDeletedOverACrash() {
        client.produce(9, MemoryRecords.withRecords(Compression.NONE, at(100), at(200), at(300)));
        assertThat(deleteBefore(2).lowWatermark()).isEqualTo(2);

        assertThat(offset(-2)).isEqualTo(2);
        assertThat(offset(50)).isEqualTo(2);
        assertThat(Errors.forCode(client.fetchOne(TestClient.fetching(1)).errorCode()))
                .isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        kafka = kafka.crash();
        client = kafka.client();
        assertThat(offset(-2)).isEqualTo(2);
        assertThat(deleteBefore(1).lowWatermark()).isEqualTo(2);
        assertThat(Errors.forCode(deleteBefore(4).errorCode())).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(deleteBefore(-1).lowWatermark()).isEqualTo(3);
        assertThat(offset(-1)).isEqualTo(3);
    }

    @Test
    void compactedTopicsKeepTheirRecords() {
        kafka = SimulatedKafka.withTopic(Map.of("cleanup.policy", "compact"));
        client = kafka.client();
        client.produce(9, plain("a"));

        assertThat(Errors.forCode(deleteBefore(1).errorCode())).isEqualTo(Errors.POLICY_VIOLATION);
    }

    @Test
    void theOnlyEpochEndsWhereTheLogDoes() {
        client.produce(9, plain("a", "b"));

        assertThat(endOfEpoch(0)).isEqualTo(2);
        assertThat(endOfEpoch(1)).isEqualTo(-1);
    }

    private long endOfEpoch(int epoch) {
        OffsetForLeaderEpochRequestData data = new OffsetForLeaderEpochRequestData().setReplicaId(-1);
        data.topics().add(new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic().setTopic("orders")
                .setPartitions(List.of(
                        new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition().setLeaderEpoch(epoch))));
        return client.call(ApiKeys.OFFSET_FOR_LEADER_EPOCH, 4, data, OffsetForLeaderEpochResponseData.class).topics()
                .find("orders").partitions().getFirst().endOffset();
    }
}
