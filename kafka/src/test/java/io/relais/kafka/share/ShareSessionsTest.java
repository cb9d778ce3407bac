// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.relais.broker.runtime.Simulation;
import io.relais.kafka.wire.ApiTable;
import io.relais.kafka.wire.Connection;
import io.relais.kafka.wire.ConnectionListener;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Share sessions: how many there may be, and what ends them. */
class ShareSessionsTest {
    private final List<ShareSession> ended = new ArrayList<>();
    private final ShareSessions sessions = new ShareSessions(() -> 2, ended::add);
    private final Connection first = connection();
    private final Connection second = connection();

    private static Connection connection() {
        return new Connection(new ApiTable(), new Simulation(1), new ConnectionListener() {
            @Override
            public void opened(Connection connection) {
                // nobody counts them here
            }

            @Override
            public void closed(Connection connection) {
                // nobody counts them here
            }

            @Override
            public boolean admits(Request request) {
                return true;
            }
        }, 1);
    }

    private static ShareSession.Key member(String name) {
        return new ShareSession.Key("workers", name);
    }

    @Test
    void thereAreNoMoreThanAllowed() {
        assertThat(sessions.begin(member("ann"), first)).isNotNull();
        assertThat(sessions.begin(member("bob"), second)).isNotNull();

        assertThat(sessions.begin(member("cid"), second)).isNull();
        assertThat(sessions.begin(member("bob"), second)).isNotNull(); // it had one
        assertThat(sessions.size()).isEqualTo(2);
    }

    @Test
    void aConnectionTakesItsOwnWithIt() {
        sessions.begin(member("ann"), first);
        sessions.begin(member("bob"), second);

        sessions.closed(first);

        assertThat(ended).extracting(each -> each.key().memberId()).containsExactly("ann");
        assertThat(sessions.hasMembers("workers")).isTrue();
        sessions.closed(second);
        assertThat(sessions.hasMembers("workers")).isFalse();
    }

    @Test
    void aMemberThatCameBackOnAnotherConnectionDoesNotGoWithTheOldOne() {
        sessions.begin(member("ann"), first);
        sessions.begin(member("ann"), second);

        sessions.closed(first);

        assertThat(ended).isEmpty();
        assertThat(sessions.find(member("ann"))).isNotNull();
    }

    @Test
    void eachRequestHasTheNextEpoch() {
        ShareSession session = new ShareSession(member("ann"), first);
        sessions.begin(member("ann"), first);

        assertThat(session.epoch()).isEqualTo(1);
        assertThat(sessions.advance(member("ann"), 1)).isEqualTo(Errors.NONE);
        assertThat(sessions.advance(member("ann"), 1)).isEqualTo(Errors.INVALID_SHARE_SESSION_EPOCH);
        assertThat(sessions.advance(member("ann"), ShareSession.FINAL_EPOCH)).isEqualTo(Errors.NONE);
        assertThat(sessions.advance(member("bob"), 1)).isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
    }
}
