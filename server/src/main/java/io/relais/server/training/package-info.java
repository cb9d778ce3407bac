// SPDX-License-Identifier: Apache-2.0
/** The run that the ahead-of-time cache is made from: a broker and a client that uses what a first client would. */
@NullMarked
package io.relais.server.training;

import org.jspecify.annotations.NullMarked;
