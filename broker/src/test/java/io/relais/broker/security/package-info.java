// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.relais.broker.security;

import org.jspecify.annotations.NullMarked;
