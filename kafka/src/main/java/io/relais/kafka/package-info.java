// SPDX-License-Identifier: Apache-2.0
/** The Kafka front end: its settings, its assembly. */
@NullMarked
package io.relais.kafka;

import org.jspecify.annotations.NullMarked;
