// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.relais.kafka.admin;

import org.jspecify.annotations.NullMarked;
