// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static io.relais.it.kafka.fixture.Kafka.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Access control lists: stored, described and enforced; where none is, everyone may. */
@KafkaTest
class AclTest {
    private static final String ANONYMOUS = "User:ANONYMOUS";

    private final Kafka kafka;
    private final String prefix;

    AclTest(Kafka kafka) {
        this.kafka = kafka;
        prefix = kafka.topicName();
    }

    @AfterEach
    void everybodyMayAgain() throws Exception {
        for (PatternType type : List.of(PatternType.LITERAL, PatternType.PREFIXED)) {
            for (ResourceType resource : List.of(ResourceType.TOPIC, ResourceType.GROUP,
                    ResourceType.TRANSACTIONAL_ID)) {
                Kafka.await(kafka.admin().deleteAcls(List.of(filter(resource, type))).all());
            }
        }
    }

    private AclBindingFilter filter(ResourceType resource, PatternType type) {
        return new AclBindingFilter(new ResourcePatternFilter(resource, prefix, type), AccessControlEntryFilter.ANY);
    }

    private AclBinding binding(ResourceType resource, PatternType type, String principal, AclOperation operation,
            AclPermissionType permission) {
        return new AclBinding(new ResourcePattern(resource, prefix, type),
                new AccessControlEntry(principal, "*", operation, permission));
    }

    private AclBinding deny(ResourceType resource, AclOperation operation) {
        return binding(resource, PatternType.LITERAL, ANONYMOUS, operation, AclPermissionType.DENY);
    }

    private void add(AclBinding... bindings) throws Exception {
        Kafka.await(kafka.admin().createAcls(List.of(bindings)).all());
        eventually(() -> assertThat(Kafka.await(kafka.admin().describeAcls(bindings[0].toFilter()).values()))
                .isNotEmpty());
    }

    private void createTopic() throws Exception {
        Kafka.await(kafka.admin().createTopics(List.of(new NewTopic(prefix, 1, (short) 1))).all());
        kafka.awaitLeaders(prefix, 1);
    }

    @Test
    void anEntryIsDescribedAsItWasMade() throws Exception {
        AclBinding binding = binding(ResourceType.TOPIC, PatternType.PREFIXED, "User:alice", AclOperation.READ,
                AclPermissionType.ALLOW);

        add(binding);

        assertThat(Kafka.await(kafka.admin().describeAcls(filter(ResourceType.TOPIC, PatternType.PREFIXED)).values()))
                .containsExactly(binding);
        assertThat(Kafka.await(kafka.admin().describeAcls(new AclBindingFilter(
                new ResourcePatternFilter(ResourceType.TOPIC, prefix + "-anything", PatternType.MATCH),
                AccessControlEntryFilter.ANY)).values()))
                .as("it matches what begins so").contains(binding);
    }

    @Test
    void entriesAreDeletedByAFilterAndNamed() throws Exception {
        AclBinding binding = deny(ResourceType.TOPIC, AclOperation.READ);
        add(binding);

        Collection<AclBinding> deleted = Kafka
                .await(kafka.admin().deleteAcls(List.of(filter(ResourceType.TOPIC, PatternType.LITERAL))).all());

        assertThat(deleted).containsExactly(binding);
        eventually(() -> assertThat(
                Kafka.await(kafka.admin().describeAcls(filter(ResourceType.TOPIC, PatternType.LITERAL)).values()))
                .isEmpty());
    }

    @Test
    void whoMayNotWriteIsRefused() throws Exception {
        createTopic();
        add(deny(ResourceType.TOPIC, AclOperation.WRITE));

        eventually(() -> assertThatThrownBy(() -> kafka.send(prefix, "v"))
                .isInstanceOf(TopicAuthorizationException.class));
    }

    @Test
    void whoMayNotReadIsRefused() throws Exception {
        createTopic();
        kafka.send(prefix, "v");
        add(deny(ResourceType.TOPIC, AclOperation.READ));
        KafkaConsumer<String, String> consumer = kafka.consumer(Map.of());
        consumer.assign(List.of(Kafka.partition(prefix, 0)));

        assertThatThrownBy(() -> Kafka.poll(consumer, 1)).isInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void anEntryForSomebodyElseShutsEverybodyElseOut() throws Exception {
        createTopic();
        add(binding(ResourceType.TOPIC, PatternType.LITERAL, "User:alice", AclOperation.ALL, AclPermissionType.ALLOW));

        assertThatThrownBy(() -> kafka.send(prefix, "v")).isInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void whoeverIsAllowedMay() throws Exception {
        createTopic();
        add(binding(ResourceType.TOPIC, PatternType.LITERAL, ANONYMOUS, AclOperation.WRITE, AclPermissionType.ALLOW));

        kafka.send(prefix, "v");

        KafkaConsumer<String, String> consumer = kafka.consumer(Map.of());
        consumer.assign(List.of(Kafka.partition(prefix, 0)));
        assertThatThrownBy(() -> Kafka.poll(consumer, 1)).as("but only that")
                .isInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void anEntryForAPrefixHoldsForAllNamesThatBeginSo() throws Exception {
        createTopic();
        add(binding(ResourceType.TOPIC, PatternType.PREFIXED, ANONYMOUS, AclOperation.WRITE, AclPermissionType.DENY));

        assertThatThrownBy(() -> kafka.send(prefix, "v")).isInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void whoMayNotDescribeDoesNotSeeTheTopic() throws Exception {
        createTopic();
        add(deny(ResourceType.TOPIC, AclOperation.DESCRIBE));

        eventually(() -> assertThat(Kafka.await(kafka.admin().listTopics().names())).doesNotContain(prefix));
        assertThatThrownBy(() -> Kafka.await(kafka.admin().describeTopics(List.of(prefix)).allTopicNames()))
                .isInstanceOf(TopicAuthorizationException.class);
    }

    private Set<AclOperation> operations() throws Exception {
        return at(Kafka.await(kafka.admin()
                .describeTopics(List.of(prefix), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .allTopicNames()), prefix).authorizedOperations();
    }

    /** Everything but the deletion of the topic. */
    private void allowAllButDelete() throws Exception {
        add(binding(ResourceType.TOPIC, PatternType.LITERAL, ANONYMOUS, AclOperation.ALL, AclPermissionType.ALLOW),
                deny(ResourceType.TOPIC, AclOperation.DELETE));
    }

    @Test
    void whatOneMayDoWithATopicIsToldOnRequest() throws Exception {
        createTopic();
        assertThat(operations()).contains(AclOperation.READ, AclOperation.WRITE, AclOperation.DELETE);

        allowAllButDelete();

        eventually(() -> assertThat(operations()).contains(AclOperation.READ, AclOperation.WRITE)
                .doesNotContain(AclOperation.DELETE));
    }

    @Test
    void whoMayDeleteInTheClusterMayDeleteTopicsWhateverTheirListsSay() throws Exception {
        createTopic();
        allowAllButDelete();
        eventually(() -> assertThat(operations()).doesNotContain(AclOperation.DELETE));

        Kafka.await(kafka.admin().deleteTopics(List.of(prefix)).all());
    }

    @Test
    void whoMayNotReadAGroupIsRefused() throws Exception {
        String topic = kafka.topic();
        add(deny(ResourceType.GROUP, AclOperation.READ));
        KafkaConsumer<String, String> member = kafka.member(prefix, Map.of());
        member.subscribe(List.of(topic));

        assertThatThrownBy(() -> Kafka.poll(member, 1)).isInstanceOf(GroupAuthorizationException.class);
    }

    @Test
    void whoMayNotUseATransactionalIdIsRefused() throws Exception {
        add(deny(ResourceType.TRANSACTIONAL_ID, AclOperation.WRITE));

        assertThatThrownBy(() -> kafka.transactional(prefix)).isInstanceOf(TransactionalIdAuthorizationException.class);
    }
}
