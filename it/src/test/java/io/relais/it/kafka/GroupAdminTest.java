// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.fixture.Kafka.at;
import static io.relais.it.kafka.fixture.Kafka.awaitAssignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups are listed, described, emptied and deleted. */
@KafkaTest
class GroupAdminTest {
    private final Kafka kafka;
    private final String topic;
    private final String group;

    GroupAdminTest(Kafka kafka) throws Exception {
        this.kafka = kafka;
        topic = kafka.topic(2);
        group = kafka.name("group");
    }

    private KafkaConsumer<String, String> member(Map<String, Object> configs) {
        KafkaConsumer<String, String> member = kafka.member(group, configs);
        member.subscribe(List.of(topic));
        awaitAssignment(member, 2);
        return member;
    }

    private void emptyGroup() {
        kafka.member(group, Map.of()).commitSync(Map.of(Kafka.partition(topic, 0), new OffsetAndMetadata(1)));
    }

    private ConsumerGroupDescription describe() throws Exception {
        return Kafka.await(at(kafka.admin().describeConsumerGroups(List.of(group)).describedGroups(), group));
    }

    private Collection<String> list(ListGroupsOptions options) throws Exception {
        return Kafka.await(kafka.admin().listGroups(options).all()).stream().map(GroupListing::groupId).toList();
    }

    @Test
    void aGroupIsListedWithItsTypeProtocolAndState() throws Exception {
        member(Map.of());

        eventually(() -> assertThat(Kafka.await(kafka.admin().listGroups().all())).anySatisfy(listing -> {
            assertThat(listing.groupId()).isEqualTo(group);
            assertThat(listing.type()).hasValue(GroupType.CLASSIC);
            assertThat(listing.protocol()).isEqualTo("consumer");
            assertThat(listing.groupState()).hasValue(GroupState.STABLE);
        }));
    }

    @Test
    void groupsAreListedByStateAndType() throws Exception {
        emptyGroup();

        assertThat(list(new ListGroupsOptions().inGroupStates(Set.of(GroupState.EMPTY)))).contains(group);
        assertThat(list(new ListGroupsOptions().inGroupStates(Set.of(GroupState.STABLE)))).doesNotContain(group);
        assertThat(list(new ListGroupsOptions().withTypes(Set.of(GroupType.CLASSIC)))).contains(group);
        assertThat(list(new ListGroupsOptions().withTypes(Set.of(GroupType.SHARE)))).doesNotContain(group);
    }

    @Test
    void aDescriptionNamesMembersAndWhatTheyHave() throws Exception {
        member(Map.of("client.id", "me", "group.instance.id", "instance"));

        ConsumerGroupDescription description = describe();

        assertThat(description.groupState()).isEqualTo(GroupState.STABLE);
        assertThat(description.partitionAssignor()).isEqualTo("range");
        assertThat(description.isSimpleConsumerGroup()).isFalse();
        assertThat(description.coordinator().port()).isPositive();
        assertThat(description.members()).singleElement().satisfies(m -> {
            assertThat(m.clientId()).isEqualTo("me");
            assertThat(m.groupInstanceId()).hasValue("instance");
            assertThat(m.host()).contains("127.0.0.1");
            assertThat(m.assignment().topicPartitions()).containsExactlyInAnyOrder(Kafka.partition(topic, 0),
                    Kafka.partition(topic, 1));
        });
    }

    @Test
    void aGroupThatOnlyHasOffsetsIsEmpty() throws Exception {
        emptyGroup();

        ConsumerGroupDescription description = describe();

        assertThat(description.groupState()).isEqualTo(GroupState.EMPTY);
        assertThat(description.members()).isEmpty();
        assertThat(description.isSimpleConsumerGroup()).isTrue();
    }

    @Test
    void anAbsentGroupIsNotDescribed() {
        assertThatThrownBy(this::describe).isInstanceOf(GroupIdNotFoundException.class);
    }

    @Test
    void anEmptyGroupIsDeletedWithItsOffsets() throws Exception {
        emptyGroup();

        Kafka.await(kafka.admin().deleteConsumerGroups(List.of(group)).all());

        assertThat(list(new ListGroupsOptions())).doesNotContain(group);
        assertThat(kafka.member(group, Map.of()).committed(Set.of(Kafka.partition(topic, 0)))
                .get(Kafka.partition(topic, 0))).isNull();
    }

    @Test
    void aGroupWithMembersIsNotDeleted() throws Exception {
        member(Map.of());

        assertThatThrownBy(() -> Kafka.await(kafka.admin().deleteConsumerGroups(List.of(group)).all()))
                .isInstanceOf(GroupNotEmptyException.class);
    }

    @Test
    void anAbsentGroupIsNotDeleted() {
        assertThatThrownBy(() -> Kafka.await(kafka.admin().deleteConsumerGroups(List.of(group)).all()))
                .isInstanceOf(GroupIdNotFoundException.class);
    }

    @Test
    void theAdministratorPutsMembersOut() throws Exception {
        member(Map.of("group.instance.id", "instance"));

        Kafka.await(kafka.admin().removeMembersFromConsumerGroup(group,
                new RemoveMembersFromConsumerGroupOptions(Set.of(new MemberToRemove("instance")))).all());

        eventually(() -> assertThat(describe().members()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void everyVersionThatFindsOneCoordinatorIsServed(int version) throws Exception {
        emptyGroup();
        FindCoordinatorResponseData response = kafka.raw().call(new FindCoordinatorRequestData().setKey(group), version,
                new FindCoordinatorResponseData());

        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        assertThat(response.host() + ":" + response.port()).isEqualTo(kafka.bootstrap());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6})
    void everyVersionThatFindsCoordinatorsIsServed(int version) throws Exception {
        emptyGroup();
        var request = new FindCoordinatorRequestData().setKeyType((byte) 0)
                .setCoordinatorKeys(List.of(group, group + "-2"));

        FindCoordinatorResponseData response = kafka.raw().call(request, version, new FindCoordinatorResponseData());

        assertThat(response.coordinators()).hasSize(2)
                .allSatisfy(c -> assertThat(c.host() + ":" + c.port()).isEqualTo(kafka.bootstrap()));
    }
}
