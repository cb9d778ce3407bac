// SPDX-License-Identifier: Apache-2.0
/** Tests of the package of the same name. */
@NullMarked
package io.relais.kafka.partition;

import org.jspecify.annotations.NullMarked;
