// SPDX-License-Identifier: Apache-2.0
/** What must survive a restart and is not a message: versioned keys and values. */
@NullMarked
package io.relais.log.metadata;

import org.jspecify.annotations.NullMarked;
