// SPDX-License-Identifier: Apache-2.0
/** A real process, killed at random moments under load; a client that remembers what it was promised. */
@NullMarked
package io.relais.it.crash;

import org.jspecify.annotations.NullMarked;
