// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.security;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The users of a broker and what each may do where. Holds what {@code MetadataStore} holds; storing is the caller's.
 *
 * <p>Thread: the owner.
 */
public final class AccessControl {
    private final Map<String, User> users = new TreeMap<>();
    private final Map<Place, Permission> permissions = new HashMap<>();
    private final List<UserListener> listeners = new ArrayList<>();
    private long version;

    /** A user in a virtual host. */
    public record Place(String user, String vhost) {}

    /** Hears that a user got another password, or went. */
    interface UserListener {
        void changed(String user);
    }

    void onUserChange(UserListener listener) {
        listeners.add(listener);
    }

    public @Nullable User user(String name) {
        return users.get(name);
    }

    /** All users, by name. */
    public List<User> users() {
        return List.copyOf(users.values());
    }

    public void put(User user) {
        users.put(user.name(), user);
        changed(user.name());
    }

    /** Removes a user with all permissions. Returns where it had any. */
    public List<Place> remove(String user) {
        users.remove(user);
        List<Place> places = permissions.keySet().stream().filter(place -> place.user().equals(user)).toList();
        places.forEach(permissions::remove);
        changed(user);
        return places;
    }

    /** Removes all permissions in a virtual host that goes. Returns whose. */
    public List<Place> removeVhost(String vhost) {
        List<Place> places = permissions.keySet().stream().filter(place -> place.vhost().equals(vhost)).toList();
        places.forEach(permissions::remove);
        version++;
        return places;
    }

    /** What a user may do in a virtual host; null where they may not even enter. */
    public @Nullable Permission permission(String user, String vhost) {
        return permissions.get(new Place(user, vhost));
    }

    /** All permissions, in no order. */
    public Map<Place, Permission> permissions() {
        return Map.copyOf(permissions);
    }

    public void permit(Place place, Permission permission) {
        permissions.put(place, permission);
        version++;
    }

    /** Takes away all access to a virtual host. Returns false where there was none. */
    public boolean forbid(Place place) {
        version++;
        return permissions.remove(place) != null;
    }

    /** Grows with every change of a permission: what was found out under an earlier version must be asked again. */
    public long version() {
        return version;
    }

    private void changed(String user) {
        version++;
        listeners.forEach(listener -> listener.changed(user));
    }
}
