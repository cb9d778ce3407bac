// SPDX-License-Identifier: Apache-2.0
/** Record batch v2: written, read, checked and filtered in place. */
@NullMarked
package io.relais.log.record;

import org.jspecify.annotations.NullMarked;
