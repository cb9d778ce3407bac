// SPDX-License-Identifier: Apache-2.0
/** Users, passwords, virtual hosts' permissions. */
@NullMarked
package io.relais.broker.security;

import org.jspecify.annotations.NullMarked;
