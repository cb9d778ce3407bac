// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.relais.kafka.group.LiveNode;
import io.relais.kafka.group.RawClient;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData.AcknowledgePartition;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData.AcknowledgeTopic;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchPartition;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ShareFetch and ShareAcknowledge as they are on the wire: sessions, acknowledgements, errors. */
class ShareProtocolTest {
    private static final String GROUP = "workers";
    private static final String MEMBER = Uuid.randomUuid().toString();
    private static final byte ACCEPT = 1;
    private static final byte RENEW = 4;

    @TempDir
    Path folder;

    private LiveNode node;
    private RawClient client;
    private Uuid topicId;

    @BeforeEach
    void aGroupWithTenRecordsToRead() {
        node = LiveNode.start(folder).topic("orders", 1);
        client = new RawClient(node);
        ShareClient.configure(node, GROUP, Map.of());
        ShareClient.produce(node, "orders", 0, 10);
        MetadataRequestData metadata = new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName("orders")));
        topicId = Objects.requireNonNull(client.send(metadata, MetadataResponseData.class).topics().find("orders"))
                .topicId();
        client.send(new ShareGroupHeartbeatRequestData().setGroupId(GROUP).setMemberId(MEMBER).setMemberEpoch(0)
                .setSubscribedTopicNames(List.of("orders")), ShareGroupHeartbeatResponseData.class);
        ShareClient.until(() -> {
            ShareFetchResponseData first = fetch(0);
            assertThat(fetch(-1).errorCode()).isZero();
            return !acquired(first).isEmpty();
        });
    }

    @AfterEach
    void stop() {
        client.close();
        node.close();
    }

    private ShareFetchRequestData request(int epoch) {
        FetchTopic topic = new FetchTopic().setTopicId(topicId);
        topic.partitions().add(new FetchPartition().setPartitionIndex(0));
        ShareFetchRequestData request = new ShareFetchRequestData().setGroupId(GROUP).setMemberId(MEMBER)
                .setShareSessionEpoch(epoch).setMaxWaitMs(0).setMinBytes(1).setMaxBytes(1 << 20).setMaxRecords(500)
                .setBatchSize(500);
        request.topics().add(topic);
        return request;
    }

    private ShareFetchResponseData fetch(int epoch) {
        return fetch(request(epoch));
    }

    private ShareFetchResponseData fetch(ShareFetchRequestData request) {
        return client.send(request, ShareFetchResponseData.class);
    }

    private static List<ShareFetchResponseData.AcquiredRecords> acquired(ShareFetchResponseData response) {
        return response.responses().stream().flatMap(topic -> topic.partitions().stream())
                .flatMap(partition -> partition.acquiredRecords().stream()).toList();
    }

    private ShareAcknowledgeRequestData acknowledgement(int epoch, long first, long last, byte... types) {
        var batch = new ShareAcknowledgeRequestData.AcknowledgementBatch().setFirstOffset(first).setLastOffset(last);
        for (byte type : types) {
            batch.acknowledgeTypes().add(type);
        }
        AcknowledgeTopic topic = new AcknowledgeTopic().setTopicId(topicId);
        topic.partitions().add(
                new AcknowledgePartition().setPartitionIndex(0).setAcknowledgementBatches(List.of(batch)));
        ShareAcknowledgeRequestData request = new ShareAcknowledgeRequestData().setGroupId(GROUP).setMemberId(MEMBER)
                .setShareSessionEpoch(epoch);
        request.topics().add(topic);
        return request;
    }

    private Errors acknowledge(ShareAcknowledgeRequestData request) {
        ShareAcknowledgeResponseData response = client.send(request, ShareAcknowledgeResponseData.class);
        if (response.errorCode() != 0) {
            return Errors.forCode(response.errorCode());
        }
        return Errors.forCode(response.responses().stream().findFirst().orElseThrow().partitions().get(0).errorCode());
    }

    private static Errors error(ShareFetchResponseData response) {
        return Errors.forCode(response.errorCode());
    }

    private static PartitionData partition(ShareFetchResponseData response) {
        return response.responses().stream().findFirst().orElseThrow().partitions().get(0);
    }

    @Nested
    class Sessions {
        @Test
        void beginWithEpoch0_andGoOnWithEachNext() {
            assertThat(error(fetch(0))).isEqualTo(Errors.NONE);
            assertThat(error(fetch(1))).isEqualTo(Errors.NONE);
            assertThat(error(fetch(2))).isEqualTo(Errors.NONE);
            assertThat(error(fetch(2))).isEqualTo(Errors.INVALID_SHARE_SESSION_EPOCH);
            assertThat(error(fetch(7))).isEqualTo(Errors.INVALID_SHARE_SESSION_EPOCH);
        }

        @Test
        void areSharedByFetchAndAcknowledge() {
            fetch(0);
            assertThat(acknowledge(acknowledgement(1, 0, 0, ACCEPT))).isEqualTo(Errors.NONE);
            assertThat(error(fetch(1))).isEqualTo(Errors.INVALID_SHARE_SESSION_EPOCH);
            assertThat(error(fetch(2))).isEqualTo(Errors.NONE);
        }

        @Test
        void thatAreNotThereAreNotFound() {
            assertThat(error(fetch(1))).isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
            assertThat(error(fetch(-1))).isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
            assertThat(acknowledge(acknowledgement(-1, 0, 0, ACCEPT))).isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
        }

        @Test
        void doNotBeginWithAnAcknowledgement() {
            ShareFetchRequestData request = request(0);
            Objects.requireNonNull(request.topics().find(topicId)).partitions().find(0).setAcknowledgementBatches(
                    List.of(new ShareFetchRequestData.AcknowledgementBatch().setFirstOffset(0).setLastOffset(0)
                            .setAcknowledgeTypes(List.of(ACCEPT))));

            assertThat(error(fetch(request))).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(acknowledge(acknowledgement(0, 0, 0, ACCEPT))).isEqualTo(Errors.INVALID_SHARE_SESSION_EPOCH);
        }

        @Test
        void rememberTheirPartitions_untilTheyAreForgotten() {
            fetch(request(0).setMaxRecords(0));
            ShareFetchRequestData incremental = request(1);
            incremental.topics().clear();
            assertThat(acquired(fetch(incremental))).isNotEmpty();

            ShareFetchRequestData forgetting = request(2);
            forgetting.topics().clear();
            forgetting.forgottenTopicsData()
                    .add(new ShareFetchRequestData.ForgottenTopic().setTopicId(topicId).setPartitions(List.of(0)));
            assertThat(fetch(forgetting).responses()).isEmpty();
        }

        @Test
        void endWithTheirConnection_andGiveBackWhatTheMemberHas() {
            assertThat(acquired(fetch(0)).get(0).deliveryCount()).isEqualTo((short) 2);
            client.close();
            client = new RawClient(node);

            ShareClient.until(() -> !acquired(fetch(0)).isEmpty());
            assertThat(error(fetch(5))).isEqualTo(Errors.INVALID_SHARE_SESSION_EPOCH);
        }
    }

    @Nested
    class Fetches {
        @ParameterizedTest
        @ValueSource(shorts = {1, 2})
        void tellHowLongRecordsAreLocked_inEachVersion(short version) {
            ShareFetchResponseData response = client.send(request(0), version, ShareFetchResponseData.class);

            assertThat(response.acquisitionLockTimeoutMs()).isEqualTo(30_000);
            assertThat(acquired(response)).hasSize(1);
            assertThat(acquired(response).get(0).firstOffset()).isZero();
            assertThat(acquired(response).get(0).lastOffset()).isEqualTo(9);
            assertThat(partition(response).records().sizeInBytes()).isPositive();
        }

        @Test
        void withARecordLimitAreCutInsideABatch_othersAreNot() {
            ShareFetchRequestData limited = request(0).setMaxRecords(3).setShareAcquireMode((byte) 1);

            assertThat(acquired(fetch(limited)).get(0).lastOffset()).isEqualTo(2);
        }

        @Test
        void ofUnknownTopicsAndPartitionsAreRefusedEach() {
            ShareFetchRequestData request = request(0);
            request.topics().clear();
            Uuid nobody = Uuid.randomUuid();
            FetchTopic unknown = new FetchTopic().setTopicId(nobody);
            unknown.partitions().add(new FetchPartition().setPartitionIndex(0));
            FetchTopic known = new FetchTopic().setTopicId(topicId);
            known.partitions().add(new FetchPartition().setPartitionIndex(7));
            request.topics().add(unknown);
            request.topics().add(known);

            ShareFetchResponseData response = fetch(request);

            assertThat(Objects.requireNonNull(response.responses().find(nobody)).partitions().get(0).errorCode())
                    .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
            assertThat(Objects.requireNonNull(response.responses().find(topicId)).partitions().get(0).errorCode())
                    .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }

        @Test
        void withoutAMemberIdAreRefused() {
            assertThat(error(fetch(request(0).setMemberId("")))).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(error(fetch(request(0).setMemberId("x".repeat(37))))).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(error(fetch(request(0).setGroupId(null)))).isEqualTo(Errors.INVALID_REQUEST);
        }

        @Test
        void ofAGroupThatTheCoordinatorDoesNotKnowFail() {
            assertThat(partition(fetch(request(0).setGroupId("nobody"))).errorCode())
                    .isEqualTo(Errors.UNKNOWN_SERVER_ERROR.code());
        }

        @Test
        void thatRenewMustNotAskForRecords() {
            fetch(0);

            assertThat(error(fetch(request(1).setIsRenewAck(true)))).isEqualTo(Errors.INVALID_REQUEST);
        }

        @Test
        void waitForRecords_untilTheyCome() {
            fetch(0);
            Thread producer = Thread.ofVirtual().start(() -> ShareClient.produce(node, "orders", 10, 1));

            ShareFetchResponseData response = fetch(request(1).setMaxWaitMs(20_000));

            assertThat(acquired(response)).extracting(ShareFetchResponseData.AcquiredRecords::firstOffset)
                    .containsExactly(10L);
            assertThat(producer).isNotNull();
        }

        @Test
        void carryAcknowledgements() {
            fetch(0);
            ShareFetchRequestData request = request(1);
            Objects.requireNonNull(request.topics().find(topicId)).partitions().find(0).setAcknowledgementBatches(
                    List.of(new ShareFetchRequestData.AcknowledgementBatch().setFirstOffset(0).setLastOffset(9)
                            .setAcknowledgeTypes(List.of((byte) 2))));

            ShareFetchResponseData response = fetch(request);

            assertThat(partition(response).acknowledgeErrorCode()).isZero();
            assertThat(acquired(response).get(0).firstOffset()).isZero();
        }
    }

    @Nested
    class Acknowledgements {
        @Test
        void ofRecordsThatWereNeverHandedOutAreInvalid() {
            fetch(request(0).setMaxRecords(3).setShareAcquireMode((byte) 1));

            assertThat(acknowledge(acknowledgement(1, 0, 50, ACCEPT))).isEqualTo(Errors.INVALID_REQUEST);
        }

        @Test
        void ofRecordsThatTheMemberDoesNotHaveAreRefused_asAWhole() {
            fetch(0);
            assertThat(acknowledge(acknowledgement(1, 2, 2, ACCEPT))).isEqualTo(Errors.NONE);

            assertThat(acknowledge(acknowledgement(2, 0, 3, ACCEPT))).isEqualTo(Errors.INVALID_RECORD_STATE);
            assertThat(acknowledge(acknowledgement(3, 0, 1, ACCEPT))).isEqualTo(Errors.NONE);
        }

        @Test
        void thatAreNotWellFormedAreInvalid() {
            fetch(0);
            assertThat(acknowledge(acknowledgement(1, 3, 2, ACCEPT))).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(acknowledge(acknowledgement(2, 0, 2, ACCEPT, ACCEPT))).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(acknowledge(acknowledgement(3, 0, 2))).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(acknowledge(acknowledgement(4, 0, 2, (byte) 5))).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(acknowledge(acknowledgement(5, 0, 2, (byte) -1))).isEqualTo(Errors.INVALID_REQUEST);
        }

        @Test
        void thatRenewNeedARequestThatSaysSo_andAGroupThatAllowsIt() {
            fetch(0);
            assertThat(acknowledge(acknowledgement(1, 0, 2, RENEW))).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(acknowledge(acknowledgement(2, 0, 2, RENEW).setIsRenewAck(true))).isEqualTo(Errors.NONE);

            ShareClient.configure(node, GROUP, Map.of("share.renew.acknowledge.enable", "false"));
            assertThat(acknowledge(acknowledgement(3, 0, 2, RENEW).setIsRenewAck(true)))
                    .isEqualTo(Errors.INVALID_RECORD_STATE);
        }

        @Test
        void comeInVersion1Too() {
            fetch(0);
            ShareAcknowledgeResponseData response = client.send(acknowledgement(1, 0, 9, ACCEPT), (short) 1,
                    ShareAcknowledgeResponseData.class);

            assertThat(response.errorCode()).isZero();
        }

        @Test
        void withTheLastEpochEndTheSession() {
            fetch(0);
            assertThat(acknowledge(acknowledgement(-1, 0, 4, ACCEPT))).isEqualTo(Errors.NONE);

            assertThat(error(fetch(1))).isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
            assertThat(acquired(fetch(0)).get(0).firstOffset()).isEqualTo(5);
        }
    }
}
