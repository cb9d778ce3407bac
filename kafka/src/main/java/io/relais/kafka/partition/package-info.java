// SPDX-License-Identifier: Apache-2.0
/** One partition: what may be appended, what may be read, by whom it was written. */
@NullMarked
package io.relais.kafka.partition;

import org.jspecify.annotations.NullMarked;
