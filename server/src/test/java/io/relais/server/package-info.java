// SPDX-License-Identifier: Apache-2.0
/** Specifications of assembly and layering. */
@NullMarked
package io.relais.server;

import org.jspecify.annotations.NullMarked;
