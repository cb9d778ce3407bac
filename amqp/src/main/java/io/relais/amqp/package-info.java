// SPDX-License-Identifier: Apache-2.0
/** The AMQP 0-9-1 front end: connections and channels. */
@NullMarked
package io.relais.amqp;

import org.jspecify.annotations.NullMarked;
