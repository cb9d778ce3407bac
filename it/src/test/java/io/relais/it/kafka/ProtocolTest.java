// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import io.relais.it.kafka.fixture.RawKafka;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as such: what is offered, in which versions, and what becomes of nonsense. */
@KafkaTest
class ProtocolTest {
    private static final ApiVersionsRequestData HELLO = new ApiVersionsRequestData().setClientSoftwareName("test")
            .setClientSoftwareVersion("1");

    private static Map<Short, ApiVersion> offered(RawKafka raw) throws Exception {
        return raw.call(HELLO, 4, new ApiVersionsResponseData()).apiKeys().stream()
                .collect(Collectors.toMap(ApiVersion::apiKey, v -> v));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void everyVersionOfApiVersionsIsServed(int version, Kafka kafka) throws Exception {
        ApiVersionsResponseData response = kafka.raw().call(HELLO, version, new ApiVersionsResponseData());

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        assertThat(response.apiKeys()).anySatisfy(k -> assertThat(k.apiKey()).isEqualTo(ApiKeys.PRODUCE.id));
    }

    static Stream<ApiKeys> clientRequests() {
        return Stream.of(ApiKeys.PRODUCE, ApiKeys.FETCH, ApiKeys.LIST_OFFSETS, ApiKeys.METADATA, ApiKeys.OFFSET_COMMIT,
                ApiKeys.OFFSET_FETCH,
                ApiKeys.FIND_COORDINATOR, ApiKeys.JOIN_GROUP, ApiKeys.HEARTBEAT, ApiKeys.LEAVE_GROUP,
                ApiKeys.SYNC_GROUP, ApiKeys.DESCRIBE_GROUPS,
                ApiKeys.LIST_GROUPS, ApiKeys.SASL_HANDSHAKE, ApiKeys.API_VERSIONS, ApiKeys.CREATE_TOPICS,
                ApiKeys.DELETE_TOPICS,
                ApiKeys.DELETE_RECORDS, ApiKeys.INIT_PRODUCER_ID, ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                ApiKeys.ADD_PARTITIONS_TO_TXN,
                ApiKeys.ADD_OFFSETS_TO_TXN, ApiKeys.END_TXN, ApiKeys.WRITE_TXN_MARKERS, ApiKeys.TXN_OFFSET_COMMIT,
                ApiKeys.DESCRIBE_ACLS,
                ApiKeys.CREATE_ACLS, ApiKeys.DELETE_ACLS, ApiKeys.DESCRIBE_CONFIGS, ApiKeys.ALTER_CONFIGS,
                ApiKeys.DESCRIBE_LOG_DIRS,
                ApiKeys.SASL_AUTHENTICATE, ApiKeys.CREATE_PARTITIONS, ApiKeys.DELETE_GROUPS, ApiKeys.ELECT_LEADERS,
                ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                ApiKeys.ALTER_PARTITION_REASSIGNMENTS, ApiKeys.LIST_PARTITION_REASSIGNMENTS, ApiKeys.OFFSET_DELETE,
                ApiKeys.DESCRIBE_CLIENT_QUOTAS,
                ApiKeys.ALTER_CLIENT_QUOTAS, ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, ApiKeys.DESCRIBE_QUORUM,
                ApiKeys.DESCRIBE_CLUSTER, ApiKeys.DESCRIBE_PRODUCERS, ApiKeys.DESCRIBE_TRANSACTIONS,
                ApiKeys.LIST_TRANSACTIONS,
                ApiKeys.CONSUMER_GROUP_HEARTBEAT, ApiKeys.CONSUMER_GROUP_DESCRIBE,
                ApiKeys.LIST_CONFIG_RESOURCES, ApiKeys.DESCRIBE_TOPIC_PARTITIONS, ApiKeys.SHARE_GROUP_HEARTBEAT,
                ApiKeys.SHARE_GROUP_DESCRIBE,
                ApiKeys.SHARE_FETCH, ApiKeys.SHARE_ACKNOWLEDGE, ApiKeys.STREAMS_GROUP_HEARTBEAT,
                ApiKeys.STREAMS_GROUP_DESCRIBE,
                ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS, ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
                ApiKeys.DELETE_SHARE_GROUP_OFFSETS);
    }

    @ParameterizedTest
    @MethodSource("clientRequests")
    void aClientsRequestIsOfferedInAllStableVersions(ApiKeys key, Kafka kafka) throws Exception {
        ApiVersion offered = offered(kafka.raw()).get(key.id);

        assertThat(offered).as("%s is offered", key).isNotNull();
        assertThat((int) offered.maxVersion()).isEqualTo(key.latestVersion(false));
        assertThat((int) offered.minVersion()).isLessThanOrEqualTo(key.oldestVersion());
    }

    @Test
    void aVersionOfApiVersionsThatIsTooNewIsAnsweredInTheOldestForm(Kafka kafka) throws Exception {
        RawKafka raw = kafka.raw();
        ByteBuffer request = ByteBuffer.allocate(12).putShort(ApiKeys.API_VERSIONS.id).putShort((short) 99).putInt(7)
                .putShort((short) -1)
                .put((byte) 0).put((byte) 0).flip();
        raw.frame(request);

        ByteBuffer answer = raw.receiveFrame();

        assertThat(answer.getInt()).isEqualTo(7);
        assertThat(Errors.forCode(answer.getShort())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(answer.getInt()).as("tells which versions it knows").isPositive();
        assertThat(answer.getShort()).isEqualTo(ApiKeys.API_VERSIONS.id);
    }

    static Stream<ByteBuffer> nonsense() {
        return Stream.of(
                ByteBuffer.wrap(new byte[]{}),
                ByteBuffer.wrap(new byte[]{0}),
                ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)),
                header(9_999, 0).flip(),
                header(ApiKeys.METADATA.id, 99).flip(),
                header(ApiKeys.PRODUCE.id, 1).flip(),
                header(ApiKeys.METADATA.id, 1).putInt(Integer.MAX_VALUE).flip(),
                header(ApiKeys.METADATA.id, 1).putInt(3).putShort((short) 500).flip());
    }

    private static ByteBuffer header(int key, int version) {
        return ByteBuffer.allocate(16).putShort((short) key).putShort((short) version).putInt(1).putShort((short) -1);
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void nonsenseClosesTheConnectionAndNoOther(ByteBuffer nonsense, Kafka kafka) throws Exception {
        RawKafka bystander = kafka.raw();
        RawKafka raw = kafka.raw();

        raw.frame(nonsense.rewind());

        assertThat(raw.isClosedByBroker()).isTrue();
        assertThat(offered(bystander)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 105_000_000})
    void aFrameOfAnImpossibleLengthClosesTheConnection(int length, Kafka kafka) throws Exception {
        RawKafka raw = kafka.raw();

        raw.bytes(ByteBuffer.allocate(8).putInt(length).array());

        assertThat(raw.isClosedByBroker()).isTrue();
    }

    @Test
    void aRequestMayComeInPieces(Kafka kafka) throws Exception {
        RawKafka raw = kafka.raw();
        byte[] request = ByteBuffer.allocate(14).putInt(10).putShort(ApiKeys.API_VERSIONS.id).putShort((short) 0)
                .putInt(1).putShort((short) -1).array();
        for (byte octet : request) {
            raw.bytes(octet);
        }

        assertThat(Errors.forCode(raw.receive(0, new ApiVersionsResponseData(), 1).errorCode())).isEqualTo(Errors.NONE);
    }

    @Test
    void manyRequestsMayBeUnderWayAtOnce(Kafka kafka) throws Exception {
        RawKafka raw = kafka.raw();
        for (int i = 0; i < 200; i++) {
            raw.send(new MetadataRequestData().setTopics(List.of()), 9);
        }

        for (int i = 1; i <= 200; i++) {
            raw.receive(9, new MetadataResponseData(), i);
        }
    }
}
