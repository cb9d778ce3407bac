// SPDX-License-Identifier: Apache-2.0
/** Specifications of the configuration. */
@NullMarked
package io.relais.server.config;

import org.jspecify.annotations.NullMarked;
