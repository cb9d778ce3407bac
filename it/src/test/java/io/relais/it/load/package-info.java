// SPDX-License-Identifier: Apache-2.0
/** Many connections, queues and bindings: works, and how fast. Run by hand. */
@NullMarked
package io.relais.it.load;

import org.jspecify.annotations.NullMarked;
