// SPDX-License-Identifier: Apache-2.0
/** Queues, subscriptions, dead-lettering, limits and expiry. */
@NullMarked
package io.relais.broker.queue;

import org.jspecify.annotations.NullMarked;
