// SPDX-License-Identifier: Apache-2.0
/** Small records in the metadata: configurations, credentials, access control lists, quotas. */
@NullMarked
package io.relais.kafka.metadata;

import org.jspecify.annotations.NullMarked;
