// SPDX-License-Identifier: Apache-2.0
/** Topics: names, ids, partitions, configuration, kept in the metadata. */
@NullMarked
package io.relais.kafka.topic;

import org.jspecify.annotations.NullMarked;
