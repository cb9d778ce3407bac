// SPDX-License-Identifier: Apache-2.0
/** A log in segment files with sparse offset and time indexes: backlogs, streams, partitions. */
@NullMarked
package io.relais.log.segment;

import org.jspecify.annotations.NullMarked;
