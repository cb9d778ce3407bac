// SPDX-License-Identifier: Apache-2.0
/** Share groups as their tests describe them. */
@NullMarked
package io.relais.kafka.share;

import org.jspecify.annotations.NullMarked;
