// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.relais.log.metadata;

import org.jspecify.annotations.NullMarked;
