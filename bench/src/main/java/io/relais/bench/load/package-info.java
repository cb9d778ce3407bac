// SPDX-License-Identifier: Apache-2.0
/** Programs that load a broker, each in a process of its own, and what their output says. */
@NullMarked
package io.relais.bench.load;

import org.jspecify.annotations.NullMarked;
