// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** An exchange as a client asks for it. */
public record ExchangeDeclaration(String name, String type, boolean durable, boolean autoDelete, boolean internal,
        Map<String, @Nullable Object> arguments) {}
