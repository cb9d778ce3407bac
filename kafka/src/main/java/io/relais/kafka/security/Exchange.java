// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

/** One exchange of tokens by the rules of a SASL mechanism (RFC 4422). Thread: the owner. */
interface Exchange {

    /** As clients call it. */
    String mechanism();

    /** Takes the client's next token, and tells the verdict: at once, or later on the owner thread. */
    void next(byte[] token, Verdict verdict);

    /** What comes of a token. Exactly one is called, once. */
    interface Verdict {
        /** The exchange goes on. */
        void challenge(byte[] token);

        /** The client has shown to be this user. */
        void authenticated(String user, byte[] token);

        /**
         * It has not.
         *
         * @param why for the client; gives nothing away
         */
        void failed(String why);
    }
}
