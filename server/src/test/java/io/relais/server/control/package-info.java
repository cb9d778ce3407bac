// SPDX-License-Identifier: Apache-2.0
/** Specifications of the control socket. */
@NullMarked
package io.relais.server.control;

import org.jspecify.annotations.NullMarked;
