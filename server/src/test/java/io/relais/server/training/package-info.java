// SPDX-License-Identifier: Apache-2.0
/** Opens the training client to tests. */
@NullMarked
package io.relais.server.training;

import org.jspecify.annotations.NullMarked;
