// SPDX-License-Identifier: Apache-2.0
/** How the command line speaks to a running server: one line of JSON each way over a Unix domain socket. */
@NullMarked
package io.relais.server.control;

import org.jspecify.annotations.NullMarked;
