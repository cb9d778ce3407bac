// SPDX-License-Identifier: Apache-2.0
/** Specifications of the command line. */
@NullMarked
package io.relais.server.cli;

import org.jspecify.annotations.NullMarked;
