// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.relais.broker;

import org.jspecify.annotations.NullMarked;
