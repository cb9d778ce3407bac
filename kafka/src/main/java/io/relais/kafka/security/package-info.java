// SPDX-License-Identifier: Apache-2.0
/** Who a client is and what it may do: SASL, certificates, access control lists. */
@NullMarked
package io.relais.kafka.security;

import org.jspecify.annotations.NullMarked;
