// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.random.RandomGenerator;

import io.relais.broker.runtime.Owner;
import io.relais.broker.security.AccessControl;
import io.relais.broker.store.Shard;

/** What all virtual hosts of a broker share. */
record BrokerContext(Owner owner, Shard shard, PropertiesCodec codec, MetadataWriter metadata, AccessControl access,
        LogNumbers logNumbers, RandomGenerator random) {}
