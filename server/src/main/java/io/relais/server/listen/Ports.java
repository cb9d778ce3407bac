// SPDX-License-Identifier: Apache-2.0
package io.relais.server.listen;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** Turns what goes wrong with a port into one sentence: which port, whose, who holds it, what to do. */
public final class Ports {
    private static final int PORT_MAX = 65_535;
    /** Linux: ports below this one are for privileged programs, unless net.ipv4.ip_unprivileged_port_start says otherwise. */
    private static final int UNPRIVILEGED_START = 1024;

    private Ports() {}

    /**
     * The socket address of a listener.
     *
     * @param front as the flag is called: {@code amqp}
     * @throws PortUnavailableException where the port is out of range or the host has no address
     */
    public static InetSocketAddress address(String front, Listen.At at) {
        if (at.port() > PORT_MAX) {
            throw new PortUnavailableException("port " + at.port() + " for " + front
                    + " is out of range: choose one from 1 to 65535, or 0 to let the system choose, with --" + front
                    + " " + new Listen.At(at.host(), 0), null);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(at.host()), at.port());
        } catch (UnknownHostException e) {
            throw new PortUnavailableException("cannot listen for " + front + " on " + at + ": the name '" + at.host()
                    + "' has no address here; choose an address of this machine with --" + front + " HOST:" + at.port(),
                    e);
        }
    }

    /** Says why a listener could not be bound. */
    public static PortUnavailableException failure(String front, Listen.At at, Throwable cause) {
        String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new PortUnavailableException(sentence(front, at, why, PortHolder.of(at.port())), cause);
    }

    static String sentence(String front, Listen.At at, String why, Optional<PortHolder> holder) {
        String listener = "port " + at.port() + " for " + front + " (" + at + ")";
        String another = "choose another with --" + front + " " + at.host() + ":PORT";
        if (mentions(why, "Address already in use")) {
            String by = holder.map(PortHolder::toString).orElse("another program");
            return listener + " is taken by " + by + ": stop that program, or " + another;
        }
        if (mentions(why, "Permission denied")) {
            String below = at.port() < UNPRIVILEGED_START ? ", since it is below " + UNPRIVILEGED_START : "";
            return listener + " is not allowed to this user" + below + ": " + another + ", or allow it to the program";
        }
        if (mentions(why, "Cannot assign requested address")) {
            return listener + " cannot be used, since " + at.host()
                    + " is not an address of this machine: choose one that is with --" + front + " HOST:" + at.port();
        }
        return listener + " cannot be used: " + why + "; " + another;
    }

    private static boolean mentions(@Nullable String why, String reason) {
        return why != null && why.contains(reason);
    }
}
