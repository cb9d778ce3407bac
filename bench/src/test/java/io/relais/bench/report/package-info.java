// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.relais.bench.report;

import org.jspecify.annotations.NullMarked;
