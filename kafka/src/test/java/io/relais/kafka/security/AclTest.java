// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import static io.relais.kafka.LiveKafka.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.relais.kafka.KafkaSettings;
import io.relais.kafka.LiveKafka;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what with topics and the cluster, as administrators set it. */
class AclTest {
    private final Path folder;

    AclTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static AclBinding allow(String user, ResourceType type, String name, AclOperation operation) {
        return new AclBinding(new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
    }

    private static void create(Admin admin, String topic) throws Exception {
        await(admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all());
    }

    @Test
    void whereNoEntryIsAboutAResourceEveryoneMayUseIt() throws Exception {
        try (LiveKafka kafka = LiveKafka.start(folder); Admin anyone = kafka.admin()) {
            create(anyone, "open");
            create(anyone, "alices");
            await(anyone.createAcls(List.of(allow("alice", ResourceType.TOPIC, "alices", AclOperation.ALL))).all());

            await(anyone.createPartitions(Map.of("open", NewPartitions.increaseTo(2))).all());
            assertThatThrownBy(
                    () -> await(anyone.createPartitions(Map.of("alices", NewPartitions.increaseTo(2))).all()))
                    .isInstanceOf(TopicAuthorizationException.class);
            assertThat(await(anyone.listTopics().names())).containsExactly("open");
        }
    }

    @Test
    void strictListsAllowWhatTheySayAndAdministratorsEverything() throws Exception {
        try (LiveKafka kafka = LiveKafka.start(folder, KafkaSettings.DEFAULT.withStrictAcls(true)).user("alice",
                "secret");
                Admin anyone = kafka.admin();
                Admin alice = kafka.admin("PLAIN", "alice", "secret");
                Admin guest = kafka.admin("PLAIN", "guest", "guest")) {
            assertThatThrownBy(() -> create(anyone, "t")).isInstanceOf(TopicAuthorizationException.class);
            assertThatThrownBy(() -> await(anyone.describeAcls(AclBindingFilter.ANY).values()))
                    .isInstanceOf(ClusterAuthorizationException.class);
            create(guest, "t");
            await(guest.createAcls(List.of(allow("alice", ResourceType.TOPIC, "t", AclOperation.DESCRIBE),
                    allow("alice", ResourceType.TOPIC, "t", AclOperation.DESCRIBE_CONFIGS))).all());

            assertThat(await(alice.listTopics().names())).containsExactly("t");
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "t");
            assertThat(await(alice.describeConfigs(List.of(topic)).all())).containsKey(topic);
            assertThatThrownBy(() -> await(alice.deleteTopics(List.of("t")).all()))
                    .isInstanceOf(TopicAuthorizationException.class);
            assertThat(await(guest.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))
                    .authorizedOperations())).contains(AclOperation.ALTER);
        }
    }

    @Test
    void entriesStayOverARestartAndAreNotDoubled() throws Exception {
        AclBinding entry = allow("alice", ResourceType.GROUP, "g", AclOperation.READ);
        try (LiveKafka kafka = LiveKafka.start(folder); Admin anyone = kafka.admin()) {
            await(anyone.createAcls(List.of(entry)).all());
            await(anyone.createAcls(List.of(entry)).all());
        }
        try (LiveKafka kafka = LiveKafka.start(folder); Admin anyone = kafka.admin()) {
            assertThat(await(anyone.describeAcls(AclBindingFilter.ANY).values())).containsExactly(entry);
            assertThat(await(anyone.deleteAcls(List.of(entry.toFilter())).all())).containsExactly(entry);
            assertThat(await(anyone.describeAcls(AclBindingFilter.ANY).values())).isEmpty();
        }
    }

    @Test
    void whatIsNoEntryIsRefused() throws Exception {
        try (LiveKafka kafka = LiveKafka.start(folder); Admin anyone = kafka.admin()) {
            AclBinding nowhere = allow("alice", ResourceType.CLUSTER, "elsewhere", AclOperation.READ);
            AclBinding nobody = new AclBinding(new ResourcePattern(ResourceType.TOPIC, "t", PatternType.LITERAL),
                    new AccessControlEntry("alice", "*", AclOperation.READ, AclPermissionType.ALLOW));

            assertThatThrownBy(() -> await(anyone.createAcls(List.of(nowhere)).all()))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> await(anyone.createAcls(List.of(nobody)).all()))
                    .isInstanceOf(InvalidRequestException.class).hasMessageContaining("no colon is present");
        }
    }
}
