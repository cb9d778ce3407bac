// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.util.List;

import org.jspecify.annotations.Nullable;

/** The layers of a configuration, the one that wins first. Every key in them is known. */
final class Settings {
    private static final List<String> NAMES = Keys.ALL.stream().map(Key::name).toList();

    private final List<Layer> layers;

    /** @throws ConfigurationException where a layer sets a key that does not exist */
    Settings(List<Layer> layers) {
        this.layers = layers;
        layers.forEach(Settings::checkNames);
    }

    private static void checkNames(Layer layer) {
        layer.entries().forEach((name, entry) -> {
            if (!NAMES.contains(name)) {
                String nearest = Nearest.of(name, NAMES);
                throw new ConfigurationException("unknown key '" + name + "' (from " + entry.origin() + ")"
                        + (nearest == null ? "" : "; did you mean '" + nearest + "'?"));
            }
        });
    }

    <T> T get(Key<T> key) {
        Layer.Entry entry = entry(key);
        return entry == null ? key.parse(key.defaultText(), "the default") : key.parse(entry.text(), entry.origin());
    }

    /** Whether somebody set the key. */
    boolean has(Key<?> key) {
        return entry(key) != null;
    }

    private Layer.@Nullable Entry entry(Key<?> key) {
        for (Layer layer : layers) {
            Layer.Entry entry = layer.entry(key.name());
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }
}
