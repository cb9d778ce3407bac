// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.security;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import io.relais.broker.Broker.Identity;
import io.relais.broker.Refusal;
import io.relais.broker.Reply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks passwords. Deriving a key is left to the hashing executor; logins that come with the same password meanwhile wait for the same result. An unknown user costs as much as a wrong password.
 *
 * <p>Thread: the owner. Bounds: {@value #DERIVING_MAX} derivation at a time, so that a flood of logins leaves the processors to messages; one per user and password.
 */
public final class Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);

    private static final int DERIVING_MAX = 1;

    private final AccessControl access;
    private final SecurityOptions options;
    private final Executor hashing;
    private final Executor owner;
    private final LoginCache cache;
    private final PasswordHash nobody;
    private final Map<Attempt, List<Waiting>> running = new HashMap<>();
    private final Deque<Runnable> due = new ArrayDeque<>();
    private int deriving;

    private record Attempt(String user, ByteBuffer proof) {}

    private record Waiting(boolean loopback, Reply<Identity> reply) {}

    /**
     * Makes one.
     *
     * @param hashing where keys are derived
     * @param owner   runs a task on the owner thread
     */
    public Authenticator(AccessControl access, SecurityOptions options, Executor hashing, Executor owner) {
        this.access = access;
        this.options = options;
        this.hashing = hashing;
        this.owner = owner;
        this.cache = new LoginCache(options.random());
        this.nobody = new PasswordHash.Pbkdf2(options.pbkdf2Iterations(), new byte[16], new byte[32]);
        access.onUserChange(cache::forget);
    }

    /** Checks a password. Refused with AccessRefused; the log says why. */
    public void login(String name, byte[] password, boolean loopback, Reply<Identity> reply) {
        byte[] proof = cache.proof(password);
        if (cache.knows(name, proof)) {
            admit(name, loopback, reply);
            return;
        }
        User user = access.user(name);
        PasswordHash hash = user == null || user.password() == null ? nobody : user.password();
        if (!hash.slow()) {
            decide(name, hash, hash.verify(password), List.of(new Waiting(loopback, reply)), proof);
            return;
        }
        Attempt attempt = new Attempt(name, ByteBuffer.wrap(proof));
        List<Waiting> waiting = running.get(attempt);
        if (waiting != null) {
            waiting.add(new Waiting(loopback, reply));
            return;
        }
        waiting = new ArrayList<>(List.of(new Waiting(loopback, reply)));
        running.put(attempt, waiting);
        derive(attempt, hash, password.clone());
    }

    private void derive(Attempt attempt, PasswordHash hash, byte[] password) {
        due.add(() -> {
            boolean right = hash.verify(password);
            owner.execute(() -> derived(attempt, hash, right));
        });
        deriveNext();
    }

    private void deriveNext() {
        Runnable next = deriving < DERIVING_MAX ? due.poll() : null;
        if (next != null) {
            deriving++;
            hashing.execute(next);
        }
    }

    private void derived(Attempt attempt, PasswordHash hash, boolean right) {
        deriving--;
        deriveNext();
        List<Waiting> waiting = running.remove(attempt);
        if (waiting != null) {
            decide(attempt.user(), hash, right, waiting, attempt.proof().array());
        }
    }

    /** The user may have changed since the check began: only the hash that was checked counts. */
    private void decide(String name, PasswordHash checked, boolean right, List<Waiting> waiting, byte[] proof) {
        User user = access.user(name);
        if (right && isCurrent(user, checked)) {
            cache.remember(name, proof);
            waiting.forEach(one -> admit(name, one.loopback(), one.reply()));
            return;
        }
        String why = user == null ? "there is no such user" : "the password is wrong";
        LOG.warn("login of user '{}' refused: {}", name, why);
        waiting.forEach(one -> one.reply().refused(refusal(name)));
    }

    @SuppressWarnings("ReferenceEquality") // the very hash that was checked
    private static boolean isCurrent(@Nullable User user, PasswordHash checked) {
        return user != null && user.password() == checked;
    }

    private void admit(String name, boolean loopback, Reply<Identity> reply) {
        if (!loopback && options.loopbackUsers().contains(name)) {
            LOG.warn("login of user '{}' refused: this user may connect from this machine only (loopback-users)",
                    name);
            reply.refused(refusal(name));
            return;
        }
        reply.done(new Identity(name));
    }

    private static Refusal refusal(String name) {
        return new Refusal.AccessRefused("login of user '" + name + "' refused");
    }
}
