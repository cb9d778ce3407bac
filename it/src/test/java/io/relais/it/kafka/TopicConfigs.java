// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.kafka.fixture.Kafka.at;

import java.util.List;
import java.util.Map;

import io.relais.it.kafka.fixture.Kafka;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.config.ConfigResource;

/** Configs of topics, read and changed. */
final class TopicConfigs {
    private TopicConfigs() {}

    static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    static void set(Kafka kafka, String topic, String name, String value) throws Exception {
        alter(kafka, resource(topic), name, value, OpType.SET, false);
    }

    static void alter(Kafka kafka, ConfigResource resource, String name, String value, OpType how, boolean validateOnly)
            throws Exception {
        var op = new AlterConfigOp(new ConfigEntry(name, value), how);
        Kafka.await(kafka.admin().incrementalAlterConfigs(Map.of(resource, List.of(op)),
                new AlterConfigsOptions().validateOnly(validateOnly)).all());
    }

    static Config describe(Kafka kafka, ConfigResource resource, DescribeConfigsOptions options) throws Exception {
        return at(Kafka.await(kafka.admin().describeConfigs(List.of(resource), options).all()), resource);
    }

    static ConfigEntry get(Kafka kafka, String topic, String name) throws Exception {
        return describe(kafka, resource(topic), new DescribeConfigsOptions()).get(name);
    }
}
