// SPDX-License-Identifier: Apache-2.0
/** The owner thread, its clock and timers. */
@NullMarked
package io.relais.broker.runtime;

import org.jspecify.annotations.NullMarked;
