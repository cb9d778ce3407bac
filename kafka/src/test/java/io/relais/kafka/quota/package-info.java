// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.relais.kafka.quota;

import org.jspecify.annotations.NullMarked;
