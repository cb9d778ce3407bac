// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

/** Answers the requests of one API key. Thread: the owner. */
@FunctionalInterface
public interface ApiHandler {

    /**
     * Answers a request exactly once, now or later: by {@link Request#respond}, {@link Request#fail} or {@link Request#noResponse}. What this throws is answered as Kafka answers an unexpected
     * error, and logged.
     */
    void handle(Request request);
}
