// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The environment variables that begin with {@code RELAIS_}. */
final class Environment {
    static final String PREFIX = "RELAIS_";

    /** For the launcher, and the one that names the file. */
    private static final Set<String> OTHER_USES = Set.of("RELAIS_CONFIG", "RELAIS_JAVA_HOME", "RELAIS_JAVA_OPTS",
            "RELAIS_MVN");

    private Environment() {}

    /** The keys that the environment sets, as a layer. */
    static Layer layer(Map<String, String> environment) {
        Map<String, Layer.Entry> entries = new TreeMap<>();
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (name.startsWith(PREFIX) && !OTHER_USES.contains(name) && !madeByKubernetes(name)) {
                entries.put(key(name).name(),
                        new Layer.Entry(variable.getValue(), "the environment variable " + name));
            }
        }
        return new Layer(entries);
    }

    private static Key<?> key(String variable) {
        for (Key<?> key : Keys.ALL) {
            if (key.environmentVariable().equals(variable)) {
                return key;
            }
        }
        String nearest = Nearest.of(variable, Keys.ALL.stream().map(Key::environmentVariable).toList());
        throw new ConfigurationException("unknown environment variable " + variable
                + (nearest == null ? "" : "; did you mean " + nearest + "?"));
    }

    /** Kubernetes sets RELAIS_SERVICE_HOST, RELAIS_PORT_5672_TCP and the like in every container beside a service named relais. */
    private static boolean madeByKubernetes(String name) {
        return name.equals("RELAIS_PORT") || name.startsWith("RELAIS_PORT_") || name.startsWith("RELAIS_SERVICE_");
    }
}
