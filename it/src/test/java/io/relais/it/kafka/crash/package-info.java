// SPDX-License-Identifier: Apache-2.0
/** A real process, killed at random moments under transactions; clients that remember what they were promised. */
@NullMarked
package io.relais.it.kafka.crash;

import org.jspecify.annotations.NullMarked;
