// SPDX-License-Identifier: Apache-2.0
/** How much clients may send, fetch and change: limits, and what happens at them. */
@NullMarked
package io.relais.kafka.quota;

import org.jspecify.annotations.NullMarked;
