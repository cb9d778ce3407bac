// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.security;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.relais.broker.Broker;
import io.relais.broker.Refusal;
import io.relais.broker.Reply;

/**
 * PLAIN (RFC 4616): one token of authorization identity, user name and password, separated by NUL. The users are the broker's, the same as AMQP's.
 */
final class PlainExchange implements Exchange {
    static final String MECHANISM = "PLAIN";

    private final Broker broker;
    private final boolean loopback;

    PlainExchange(Broker broker, boolean loopback) {
        this.broker = broker;
        this.loopback = loopback;
    }

    @Override
    public String mechanism() {
        return MECHANISM;
    }

    @Override
    public void next(byte[] token, Verdict verdict) {
        List<byte[]> parts = split(token);
        if (parts.size() != 3) {
            verdict.failed("Invalid SASL/PLAIN response: expected 3 tokens, got " + parts.size());
            return;
        }
        String authorization;
        String user;
        try {
            authorization = text(parts.get(0));
            user = text(parts.get(1));
        } catch (CharacterCodingException _) {
            verdict.failed("Authentication failed: Invalid username or password");
            return;
        }
        if (user.isEmpty()) {
            verdict.failed("Authentication failed: username not specified");
        } else if (parts.get(2).length == 0) {
            verdict.failed("Authentication failed: password not specified");
        } else if (!authorization.isEmpty() && !authorization.equals(user)) {
            verdict.failed(
                    "Authentication failed: Client requested an authorization id that is different from username");
        } else {
            login(user, parts.get(2), verdict);
        }
    }

    private void login(String user, byte[] password, Verdict verdict) {
        broker.login(user, password, loopback, new Reply<>() {
            @Override
            public void done(Broker.Identity identity) {
                verdict.authenticated(identity.user(), new byte[0]);
            }

            @Override
            public void refused(Refusal refusal) {
                verdict.failed("Authentication failed: Invalid username or password");
            }
        });
    }

    /** At most four parts: what follows a fourth NUL is wrong anyway. */
    private static List<byte[]> split(byte[] token) {
        List<byte[]> parts = new ArrayList<>(4);
        int from = 0;
        for (int i = 0; i < token.length && parts.size() < 4; i++) {
            if (token[i] == 0) {
                parts.add(Arrays.copyOfRange(token, from, i));
                from = i + 1;
            }
        }
        parts.add(Arrays.copyOfRange(token, from, token.length));
        return parts;
    }

    private static String text(byte[] utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    }
}
