// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A configuration file in YAML. Keys may be nested or written with dots: {@code amqp: {heartbeat: 30s}} is {@code amqp.heartbeat: 30s}. */
final class YamlFile {
    private YamlFile() {}

    /** @throws ConfigurationException where the file cannot be read or is not a mapping of keys to values */
    static Layer read(Path file) {
        String text = text(file);
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(text);
        } catch (JacksonException e) {
            throw new ConfigurationException("%s, line %d: not YAML: %s".formatted(file,
                    e.getLocation() == null ? 0 : e.getLocation().getLineNr(), e.getOriginalMessage()));
        }
        Map<String, Layer.Entry> entries = new TreeMap<>();
        if (!root.isMissingNode() && !root.isNull()) {
            flatten("", root, file, entries);
        }
        return new Layer(entries);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException _) {
            throw new ConfigurationException("there is no configuration file " + file);
        } catch (IOException e) {
            throw new ConfigurationException("the configuration file " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static void flatten(String prefix, JsonNode node, Path file, Map<String, Layer.Entry> into) {
        if (node.isObject()) {
            node.properties().forEach(
                    field -> flatten(prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(),
                            field.getValue(), file, into));
        } else if (prefix.isEmpty()) {
            throw new ConfigurationException(
                    file + " holds no keys: write lines such as 'amqp.listen: 127.0.0.1:5672'");
        } else {
            into.put(prefix, new Layer.Entry(scalar(node), file.toString()));
        }
    }

    private static String scalar(JsonNode node) {
        if (node.isArray()) {
            String list = StreamSupport.stream(node.spliterator(), false).map(YamlFile::scalar)
                    .collect(Collectors.joining(","));
            return list.isEmpty() ? "none" : list;
        }
        return node.isNull() ? "" : node.asString();
    }
}
