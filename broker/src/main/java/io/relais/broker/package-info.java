// SPDX-License-Identifier: Apache-2.0
/** The commands of the broker, which every front end speaks. */
@NullMarked
package io.relais.broker;

import org.jspecify.annotations.NullMarked;
