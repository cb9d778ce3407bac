// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.kafka.fixture.Requests.FETCH_BY_NAME;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import io.relais.it.kafka.fixture.RawKafka;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Incremental fetch sessions (KIP-227): a client says once what it wants, then only what changes. */
@KafkaTest
class FetchSessionTest {
    private final Kafka kafka;
    private final RawKafka raw;
    private final String topic;

    FetchSessionTest(Kafka kafka) throws Exception {
        this.kafka = kafka;
        raw = kafka.raw();
        topic = kafka.topic(3);
    }

    private FetchResponseData fetch(int sessionId, int epoch, FetchPartition... partitions) throws Exception {
        return raw.call(request(sessionId, epoch, partitions), FETCH_BY_NAME, new FetchResponseData());
    }

    private FetchRequestData request(int sessionId, int epoch, FetchPartition... partitions) {
        List<FetchTopic> topics = partitions.length == 0
                ? List.of()
                : List.of(new FetchTopic().setTopic(topic).setPartitions(List.of(partitions)));
        return new FetchRequestData().setMaxWaitMs(0).setMinBytes(1).setMaxBytes(1 << 20).setSessionId(sessionId)
                .setSessionEpoch(epoch).setTopics(topics);
    }

    private static FetchPartition at(int partition, long offset) {
        return new FetchPartition().setPartition(partition).setFetchOffset(offset).setPartitionMaxBytes(1 << 20);
    }

    private static List<Integer> partitions(FetchResponseData response) {
        return response.responses().stream().flatMap(t -> t.partitions().stream()).map(PartitionData::partitionIndex)
                .sorted().toList();
    }

    private int open() throws Exception {
        FetchResponseData first = fetch(0, 0, at(0, 0), at(1, 0), at(2, 0));
        assertThat(partitions(first)).as("a full answer names all partitions").containsExactly(0, 1, 2);
        assertThat(first.sessionId()).isNotZero();
        return first.sessionId();
    }

    @Test
    void anAnswerNamesOnlyThePartitionsThatHaveSomethingNew() throws Exception {
        int session = open();
        kafka.sendTo(topic, 1, "v");

        FetchResponseData response = fetch(session, 1);

        assertThat(response.errorCode()).isZero();
        assertThat(response.sessionId()).isEqualTo(session);
        assertThat(partitions(response)).containsExactly(1);
    }

    @Test
    void withoutAnythingNewTheAnswerIsEmpty() throws Exception {
        int session = open();

        assertThat(fetch(session, 1).responses()).isEmpty();
        assertThat(fetch(session, 2).responses()).isEmpty();
    }

    @Test
    void aPartitionStaysAtItsOffsetUntilTheClientMovesIt() throws Exception {
        int session = open();
        kafka.sendTo(topic, 1, "v");

        assertThat(partitions(fetch(session, 1))).containsExactly(1);
        assertThat(partitions(fetch(session, 2))).containsExactly(1);
        assertThat(partitions(fetch(session, 3, at(1, 1)))).isEmpty();
    }

    @Test
    void aPartitionIsForgotten() throws Exception {
        int session = open();
        kafka.sendTo(topic, 0, "v");
        kafka.sendTo(topic, 1, "v");
        FetchRequestData request = request(session, 1)
                .setForgottenTopicsData(List.of(new ForgottenTopic().setTopic(topic).setPartitions(List.of(1))));

        FetchResponseData response = raw.call(request, FETCH_BY_NAME, new FetchResponseData());

        assertThat(partitions(response)).containsExactly(0);
    }

    @Test
    void aWrongEpochIsRefused() throws Exception {
        int session = open();

        assertThat(Errors.forCode(fetch(session, 5).errorCode())).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
        assertThat(Errors.forCode(fetch(session, 1).errorCode())).as("the session goes on").isEqualTo(Errors.NONE);
    }

    @Test
    void anUnknownSessionIsRefused() throws Exception {
        assertThat(Errors.forCode(fetch(123_456_789, 1).errorCode())).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void aClientClosesItsSession() throws Exception {
        int session = open();

        FetchResponseData closing = fetch(session, -1, at(0, 0));

        assertThat(closing.sessionId()).isZero();
        assertThat(Errors.forCode(fetch(session, 1).errorCode())).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void aClientBeginsANewSessionInPlaceOfTheOld() throws Exception {
        int session = open();

        FetchResponseData again = fetch(session, 0, at(0, 0));

        assertThat(again.sessionId()).isNotZero().isNotEqualTo(session);
        assertThat(Errors.forCode(fetch(session, 1).errorCode())).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void aFetchWithoutASessionGetsNone() throws Exception {
        assertThat(fetch(0, -1, at(0, 0)).sessionId()).isZero();
    }

    @Test
    void aWaitingIncrementalFetchEndsWithTheFirstRecord() throws Exception {
        int session = open();
        raw.send(request(session, 1).setMaxWaitMs(8_000), FETCH_BY_NAME);

        kafka.sendTo(topic, 2, "v");

        assertThat(partitions(raw.receive(FETCH_BY_NAME, new FetchResponseData()))).containsExactly(2);
    }

    @Test
    void manyIncrementalFetchesFollowEachOther() throws Exception {
        int session = open();
        for (int epoch : IntStream.rangeClosed(1, 50).toArray()) {
            assertThat(fetch(session, epoch).errorCode()).isZero();
        }
    }
}
