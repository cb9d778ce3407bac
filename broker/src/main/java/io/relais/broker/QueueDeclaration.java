// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A queue as a client asks for it. An empty name asks the broker to choose one. */
public record QueueDeclaration(String name, boolean durable, boolean exclusive, boolean autoDelete,
        Map<String, @Nullable Object> arguments) {}
