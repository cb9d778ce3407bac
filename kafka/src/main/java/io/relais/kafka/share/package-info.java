// SPDX-License-Identifier: Apache-2.0
/** Share groups (KIP-932): records of a partition handed out to competing consumers, with an acknowledgement for each. */
@NullMarked
package io.relais.kafka.share;

import org.jspecify.annotations.NullMarked;
