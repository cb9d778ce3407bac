// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.relais.log.segment;

import org.jspecify.annotations.NullMarked;
