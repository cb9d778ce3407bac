// SPDX-License-Identifier: Apache-2.0
/** The storage of queues: the tail in memory, the shard's journal, backlogs, recovery. */
@NullMarked
package io.relais.broker.store;

import org.jspecify.annotations.NullMarked;
