// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.relais.log.disk;

import org.jspecify.annotations.NullMarked;
