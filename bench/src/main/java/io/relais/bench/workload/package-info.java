// SPDX-License-Identifier: Apache-2.0
/** One class per kind of workload, and the list of all by name. */
@NullMarked
package io.relais.bench.workload;

import org.jspecify.annotations.NullMarked;
