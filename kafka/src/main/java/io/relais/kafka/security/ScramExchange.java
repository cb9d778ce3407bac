// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.function.Function;

import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.sasl.SaslException;

import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramSaslServer;
import org.jspecify.annotations.Nullable;

/**
 * SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677) by Kafka's own implementation: two tokens each way; the password never comes here, and what is stored is no password.
 */
final class ScramExchange implements Exchange {
    private final ScramMechanism mechanism;
    private final ScramSaslServer server;

    /** @param credentials by user name; null for a user who cannot log in so */
    ScramExchange(ScramMechanism mechanism, Function<String, @Nullable ScramCredential> credentials) {
        this.mechanism = mechanism;
        try {
            server = new ScramSaslServer(mechanism, Map.of(), new Lookup(credentials));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + mechanism.hashAlgorithm(), e);
        }
    }

    @Override
    public String mechanism() {
        return mechanism.mechanismName();
    }

    @Override
    public void next(byte[] token, Verdict verdict) {
        byte[] reply;
        try {
            reply = server.evaluateResponse(token);
        } catch (SaslAuthenticationException e) {
            verdict.failed(String.valueOf(e.getMessage()));
            return;
        } catch (SaslException _) {
            verdict.failed("Authentication failed during authentication due to invalid credentials with SASL mechanism "
                    + mechanism.mechanismName());
            return;
        }
        if (server.isComplete()) {
            verdict.authenticated(server.getAuthorizationID(), reply);
        } else {
            verdict.challenge(reply);
        }
    }

    /** Hands the mechanism the credential of the user it asks for. Delegation tokens are not offered, so their callback stays unanswered. */
    private record Lookup(Function<String, @Nullable ScramCredential> credentials) implements CallbackHandler {
        @Override
        public void handle(Callback[] callbacks) throws IOException {
            String user = "";
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback name) {
                    user = name.getDefaultName();
                } else if (callback instanceof ScramCredentialCallback wanted) {
                    ScramCredential credential = credentials.apply(user);
                    if (credential != null) {
                        wanted.scramCredential(credential);
                    }
                }
            }
        }
    }
}
