// SPDX-License-Identifier: Apache-2.0
/** Tests of frames, methods, tables and content headers. */
@NullMarked
package io.relais.amqp.codec;

import org.jspecify.annotations.NullMarked;
