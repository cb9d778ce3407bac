// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.security;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A user. Immutable: a change makes another one.
 *
 * @param password null for a user who cannot log in with one
 * @param tags     such as {@code administrator}; what they allow is the business of management tools
 */
public record User(String name, @Nullable PasswordHash password, List<String> tags) {
    public User {
        tags = List.copyOf(tags);
    }
}
