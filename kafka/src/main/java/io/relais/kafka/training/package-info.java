// SPDX-License-Identifier: Apache-2.0
/** A client for the run that the ahead-of-time cache is made from. */
@NullMarked
package io.relais.kafka.training;

import org.jspecify.annotations.NullMarked;
