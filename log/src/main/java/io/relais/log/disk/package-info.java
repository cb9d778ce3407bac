// SPDX-License-Identifier: Apache-2.0
/** All file access: one small interface, real files and a simulated disk. */
@NullMarked
package io.relais.log.disk;

import org.jspecify.annotations.NullMarked;
