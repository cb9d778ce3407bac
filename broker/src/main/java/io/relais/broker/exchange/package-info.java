// SPDX-License-Identifier: Apache-2.0
/** Exchanges, bindings and routing. */
@NullMarked
package io.relais.broker.exchange;

import org.jspecify.annotations.NullMarked;
