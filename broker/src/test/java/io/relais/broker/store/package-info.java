// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.relais.broker.store;

import org.jspecify.annotations.NullMarked;
