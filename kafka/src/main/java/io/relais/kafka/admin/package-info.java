// SPDX-License-Identifier: Apache-2.0
/** What the protocol asks about the cluster and its topics. */
@NullMarked
package io.relais.kafka.admin;

import org.jspecify.annotations.NullMarked;
