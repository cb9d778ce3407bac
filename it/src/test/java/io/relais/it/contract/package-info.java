// SPDX-License-Identifier: Apache-2.0
/** The contract with programs written for RabbitMQ, one file per feature. Runs against Relais, and against RabbitMQ itself. */
@NullMarked
package io.relais.it.contract;

import org.jspecify.annotations.NullMarked;
