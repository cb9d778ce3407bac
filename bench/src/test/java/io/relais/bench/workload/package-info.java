// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.relais.bench.workload;

import org.jspecify.annotations.NullMarked;
