// SPDX-License-Identifier: Apache-2.0
/** Requests and responses as bytes: frames, headers, order on a connection. Messages themselves are those of Kafka's own library. */
@NullMarked
package io.relais.kafka.wire;

import org.jspecify.annotations.NullMarked;
