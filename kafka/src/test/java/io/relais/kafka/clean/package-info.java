// SPDX-License-Identifier: Apache-2.0
/** Tests of retention and compaction. */
@NullMarked
package io.relais.kafka.clean;

import org.jspecify.annotations.NullMarked;
