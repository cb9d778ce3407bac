// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.quota;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The limits of one entity as they are in the metadata.
 *
 * @param entity names by type ({@code user}, {@code client-id}, {@code ip}); null is the default of a type
 * @param limits by Kafka's names of them
 */
public record QuotaRecord(Map<String, @Nullable String> entity, Map<String, Double> limits) {}
