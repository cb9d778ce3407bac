// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

import io.relais.broker.Session.ReplyTarget;
import org.jspecify.annotations.Nullable;

/**
 * Who takes direct replies (RabbitMQ: "Direct Reply-to"): messages to the default exchange whose key is a name given out here reach the target at once and are stored nowhere.
 *
 * <p>Thread: the owner. Bounds: one target for each channel that asked for replies.
 */
final class DirectReplies {
    /** The pseudo-queue that clients consume from. */
    static final String PSEUDO_QUEUE = "amq.rabbitmq.reply-to";
    static final String PREFIX = PSEUDO_QUEUE + ".";

    private static final int TOKEN_BYTES = 18;

    private final RandomGenerator random;
    private final Map<String, ReplyTarget> targets = new HashMap<>();

    DirectReplies(RandomGenerator random) {
        this.random = random;
    }

    /** Registers a target under a new name. */
    String open(ReplyTarget target) {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        String name = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(token);
        targets.put(name, target);
        return name;
    }

    void close(String name) {
        targets.remove(name);
    }

    @Nullable
    ReplyTarget target(String name) {
        return targets.get(name);
    }

    /** Whether a queue of this name may be declared, as a client does to see whether the requester is still there. */
    boolean exists(String name) {
        return name.equals(PSEUDO_QUEUE) || targets.containsKey(name);
    }
}
