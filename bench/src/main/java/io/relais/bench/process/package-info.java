// SPDX-License-Identifier: Apache-2.0
/** What Linux tells about processes: CPU, memory, who listens where. */
@NullMarked
package io.relais.bench.process;

import org.jspecify.annotations.NullMarked;
