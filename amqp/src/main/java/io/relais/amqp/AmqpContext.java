// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.Map;
import java.util.random.RandomGenerator;

import io.relais.broker.Broker;
import io.relais.broker.runtime.Owner;
import org.jspecify.annotations.Nullable;

/** What all connections of a front end share. */
record AmqpContext(Broker broker, Owner owner, AmqpSettings settings, Map<String, @Nullable Object> serverProperties,
        RandomGenerator random, KnownClients clients) {}
