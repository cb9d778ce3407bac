// SPDX-License-Identifier: Apache-2.0
/** One typed, validated configuration, from flags, environment and a file. */
@NullMarked
package io.relais.server.config;

import org.jspecify.annotations.NullMarked;
