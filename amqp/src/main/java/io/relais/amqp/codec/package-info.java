// SPDX-License-Identifier: Apache-2.0
/** AMQP 0-9-1 frames, methods, field tables and content headers, read and written in place. */
@NullMarked
package io.relais.amqp.codec;

import org.jspecify.annotations.NullMarked;
