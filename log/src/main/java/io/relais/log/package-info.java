// SPDX-License-Identifier: Apache-2.0
/** The seam of storage: logs, opened and fenced by one writer, read by many. */
@NullMarked
package io.relais.log;

import org.jspecify.annotations.NullMarked;
