// SPDX-License-Identifier: Apache-2.0
/** A log in preallocated, recycled files with group commit: the journal of a shard. */
@NullMarked
package io.relais.log.journal;

import org.jspecify.annotations.NullMarked;
