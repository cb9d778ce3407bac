// SPDX-License-Identifier: Apache-2.0
/** Specifications of listeners. */
@NullMarked
package io.relais.server.listen;

import org.jspecify.annotations.NullMarked;
