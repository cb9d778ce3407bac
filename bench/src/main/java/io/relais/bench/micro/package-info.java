// SPDX-License-Identifier: Apache-2.0
/** JMH benchmarks of the hot classes; run by {@code bench/jmh}. */
@NullMarked
package io.relais.bench.micro;

import org.jspecify.annotations.NullMarked;
