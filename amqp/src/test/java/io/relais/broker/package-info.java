// SPDX-License-Identifier: Apache-2.0
/** A small broker for the tests of a front end. */
@NullMarked
package io.relais.broker;

import org.jspecify.annotations.NullMarked;
