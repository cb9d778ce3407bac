// SPDX-License-Identifier: Apache-2.0
/** Producer ids and the transaction coordinator (KIP-98, KIP-360, KIP-890), for one node. */
@NullMarked
package io.relais.kafka.transaction;

import org.jspecify.annotations.NullMarked;
