// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/** What connection.start tells of this server: the keys and capabilities that RabbitMQ sends, because clients look for them. */
final class ServerProperties {
    private static final String[] CAPABILITIES = {"publisher_confirms", "exchange_exchange_bindings", "basic.nack",
            "consumer_cancel_notify", "connection.blocked", "consumer_priorities", "authentication_failure_close",
            "per_consumer_qos", "direct_reply_to"};

    private static final String VERSION = version();

    private ServerProperties() {}

    static Map<String, @Nullable Object> of(AmqpSettings settings) {
        Map<String, @Nullable Object> capabilities = new LinkedHashMap<>();
        for (String capability : CAPABILITIES) {
            capabilities.put(capability, true);
        }
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        properties.put("capabilities", capabilities);
        properties.put("cluster_name", settings.clusterName());
        properties.put("information", "Licensed under the Apache License 2.0");
        properties.put("platform", "Java " + Runtime.version().feature());
        properties.put("product", "Relais");
        properties.put("version", VERSION);
        return properties;
    }

    private static String version() {
        try (InputStream in = ServerProperties.class.getResourceAsStream("build.properties")) {
            Properties build = new Properties();
            build.load(in);
            return build.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException("build.properties of the AMQP front end", e);
        }
    }
}
