// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A consumer as a client asks for it. The tag is already chosen and unique on its channel. */
public record ConsumeRequest(String queue, String consumerTag, boolean noAck, boolean exclusive,
        Map<String, @Nullable Object> arguments) {}
