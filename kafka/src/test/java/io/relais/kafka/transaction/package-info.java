// SPDX-License-Identifier: Apache-2.0
/** Tests of producer ids and transactions. */
@NullMarked
package io.relais.kafka.transaction;

import org.jspecify.annotations.NullMarked;
