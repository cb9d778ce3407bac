// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.relais.broker.exchange;

import org.jspecify.annotations.NullMarked;
