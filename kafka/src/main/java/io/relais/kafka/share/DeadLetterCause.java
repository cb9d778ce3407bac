// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

/** Why a record goes to the dead-letter queue, and the text that says so in its headers (KIP-1191). */
enum DeadLetterCause {
    /** A consumer rejected it. */
    REJECTED("Offset rejected by client."),
    /** It was handed out as often as the group allows. */
    DELIVERY_COUNT_EXCEEDED("Offset delivery count exceeded the threshold.");

    private final String text;

    DeadLetterCause(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
