// SPDX-License-Identifier: Apache-2.0
/** Tests of connections and channels. */
@NullMarked
package io.relais.amqp;

import org.jspecify.annotations.NullMarked;
