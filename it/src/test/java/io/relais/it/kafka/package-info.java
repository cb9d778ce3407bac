// SPDX-License-Identifier: Apache-2.0
/** The contract of the Kafka protocol: one file per feature, one behaviour per test, each true of Kafka first. */
@NullMarked
package io.relais.it.kafka;

import org.jspecify.annotations.NullMarked;
