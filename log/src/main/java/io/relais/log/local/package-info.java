// SPDX-License-Identifier: Apache-2.0
/** The local driver: data folder, its lock and format version, its logs. */
@NullMarked
package io.relais.log.local;

import org.jspecify.annotations.NullMarked;
