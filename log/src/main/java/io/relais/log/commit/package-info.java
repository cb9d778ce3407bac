// SPDX-License-Identifier: Apache-2.0
/** Group commit: everything appended while the disk was busy is written and synced together. */
@NullMarked
package io.relais.log.commit;

import org.jspecify.annotations.NullMarked;
