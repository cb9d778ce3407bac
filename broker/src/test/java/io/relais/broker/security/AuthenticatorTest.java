// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;

import io.relais.broker.Broker.Identity;
import io.relais.broker.Refusal;
import io.relais.broker.Reply;
import org.junit.jupiter.api.Test;

class AuthenticatorTest {
    private static final String REFUSED = "refused";

    private final AccessControl access = new AccessControl();
    private final Deque<Runnable> hashing = new ArrayDeque<>();
    private final Authenticator authenticator = new Authenticator(access,
            new SecurityOptions(Set.of("guest"), 10, new Random(1)), hashing::add, Runnable::run);
    private final List<String> answers = new ArrayList<>();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void setPassword(String user, String password) {
        access.put(new User(user, PasswordHash.pbkdf2(bytes(password), 10, new Random(2)), List.of()));
    }

    private void login(String user, String password, boolean loopback) {
        authenticator.login(user, bytes(password), loopback, new Reply<>() {
            @Override
            public void done(Identity identity) {
                answers.add(identity.user());
            }

            @Override
            public void refused(Refusal refusal) {
                assertThat(refusal).isInstanceOf(Refusal.AccessRefused.class);
                answers.add(REFUSED);
            }
        });
    }

    /** Derives what is due; tells how many keys. */
    private int derive() {
        int count = 0;
        for (Runnable next = hashing.poll(); next != null; next = hashing.poll()) {
            next.run();
            count++;
        }
        return count;
    }

    @Test
    void aPasswordIsDerivedOnceAndThenRemembered() {
        setPassword("ann", "s");

        login("ann", "s", false);
        assertThat(answers).as("before the key is derived").isEmpty();
        assertThat(derive()).isEqualTo(1);
        login("ann", "s", false);

        assertThat(answers).containsExactly("ann", "ann");
        assertThat(derive()).isZero();
    }

    @Test
    void loginsThatComeTogetherShareOneDerivation() {
        setPassword("ann", "s");

        for (int i = 0; i < 1_000; i++) {
            login("ann", "s", false);
        }

        assertThat(derive()).isEqualTo(1);
        assertThat(answers).hasSize(1_000).containsOnly("ann");
    }

    @Test
    void derivationsWaitForOneAnother() {
        for (int i = 0; i < 5; i++) {
            login("user" + i, "guess", false);
        }

        assertThat(hashing).hasSize(1);
        assertThat(derive()).isEqualTo(5);
        assertThat(answers).hasSize(5).containsOnly(REFUSED);
    }

    @Test
    void anUnknownUserCostsWhatAWrongPasswordCosts() {
        setPassword("ann", "s");

        login("ann", "wrong", false);
        int known = derive();
        login("nobody", "wrong", false);
        int unknown = derive();

        assertThat(unknown).isEqualTo(known);
        assertThat(answers).containsExactly(REFUSED, REFUSED);
    }

    @Test
    void aChangedPasswordHoldsAtOnce() {
        setPassword("ann", "old");
        login("ann", "old", false);
        derive();

        setPassword("ann", "new");
        login("ann", "old", false);
        login("ann", "new", false);
        derive();

        assertThat(answers).containsExactly("ann", REFUSED, "ann");
    }

    @Test
    void aPasswordChangedWhileItIsCheckedIsRefused() {
        setPassword("ann", "old");
        login("ann", "old", false);

        setPassword("ann", "new");
        derive();

        assertThat(answers).containsExactly(REFUSED);
    }

    @Test
    void someUsersMayComeFromThisMachineOnly() {
        access.put(new User("guest", PasswordHash.saltedSha256(bytes("guest"), new Random(3)), List.of()));

        login("guest", "guest", false);
        login("guest", "guest", true);

        assertThat(answers).containsExactly(REFUSED, "guest");
    }

    @Test
    void aUserWithoutPasswordCannotLogIn() {
        access.put(new User("ann", null, List.of()));

        login("ann", "", false);
        derive();

        assertThat(answers).containsExactly(REFUSED);
    }

    @Test
    void whatIsRememberedIsBounded() {
        LoginCache cache = new LoginCache(new Random(4));

        for (int i = 0; i <= LoginCache.ENTRIES_MAX; i++) {
            cache.remember("user" + i, cache.proof(bytes("s")));
        }

        assertThat(cache.size()).isEqualTo(LoginCache.ENTRIES_MAX);
        assertThat(cache.knows("user0", cache.proof(bytes("s")))).isFalse();
        assertThat(cache.knows("user1", cache.proof(bytes("s")))).isTrue();
    }
}
