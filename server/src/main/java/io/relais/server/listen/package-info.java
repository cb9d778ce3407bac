// SPDX-License-Identifier: Apache-2.0
/** Addresses to listen on, and what is said when one cannot be had. */
@NullMarked
package io.relais.server.listen;

import org.jspecify.annotations.NullMarked;
