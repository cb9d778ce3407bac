// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.jspecify.annotations.Nullable;

/** How far the authentication of one connection has come (KIP-43, KIP-152, KIP-368). */
sealed interface SaslState {

    /** Who the client is until something else is shown; null where SASL has not said so. */
    @Nullable
    KafkaPrincipal principal();

    /** Nothing was asked for. */
    record None() implements SaslState {
        @Override
        public @Nullable KafkaPrincipal principal() {
            return null;
        }
    }

    /**
     * A mechanism was agreed on; its tokens are exchanged.
     *
     * @param exchange the mechanism's side of ours
     * @param wrapped  whether tokens come in SaslAuthenticate requests; else, after a handshake of version 0, they come bare
     * @param before   what held until now, where this is a re-authentication
     */
    record Exchanging(Exchange exchange, boolean wrapped, @Nullable Authenticated before) implements SaslState {
        @Override
        public @Nullable KafkaPrincipal principal() {
            return before == null ? null : before.principal();
        }
    }

    /** A token is being checked; the client has to wait. */
    record Checking(@Nullable Authenticated before) implements SaslState {
        @Override
        public @Nullable KafkaPrincipal principal() {
            return before == null ? null : before.principal();
        }
    }

    /**
     * The client is who it says.
     *
     * @param expiresNs when it has to authenticate again; {@link Long#MAX_VALUE} for never
     * @param sinceNs   when it began to authenticate
     */
    record Authenticated(KafkaPrincipal principal, String mechanism, long sinceNs,
            long expiresNs) implements SaslState {}

    /** It is not, and is about to be told. */
    record Failed() implements SaslState {
        @Override
        public @Nullable KafkaPrincipal principal() {
            return null;
        }
    }
}
