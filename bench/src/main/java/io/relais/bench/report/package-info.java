// SPDX-License-Identifier: Apache-2.0
/** Figures, runs, goals; the table and the raw lines. */
@NullMarked
package io.relais.bench.report;

import org.jspecify.annotations.NullMarked;
