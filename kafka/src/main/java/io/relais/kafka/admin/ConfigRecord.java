// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import java.util.Map;

/** What is configured of a broker, a group or a subscription of client metrics, as it is in the metadata. Topics keep theirs in their own record. */
public record ConfigRecord(Map<String, String> values) {}
