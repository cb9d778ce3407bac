// SPDX-License-Identifier: Apache-2.0
/** Retention and compaction of partitions, in the background. */
@NullMarked
package io.relais.kafka.clean;

import org.jspecify.annotations.NullMarked;
