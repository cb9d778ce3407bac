// SPDX-License-Identifier: Apache-2.0
/** The brokers under test: started on a folder and ports of their own, or found by address. */
@NullMarked
package io.relais.bench.brokers;

import org.jspecify.annotations.NullMarked;
