// SPDX-License-Identifier: Apache-2.0
/** Assembly: configuration, listeners, command line. */
@NullMarked
package io.relais.server;

import org.jspecify.annotations.NullMarked;
