// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.relais.log.local;

import org.jspecify.annotations.NullMarked;
