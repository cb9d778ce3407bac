// SPDX-License-Identifier: Apache-2.0
/** Load tools: {@code bench/compare} runs Relais and RabbitMQ in turn, {@code bench/measure} any broker by address. */
@NullMarked
package io.relais.bench;

import org.jspecify.annotations.NullMarked;
