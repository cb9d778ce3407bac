// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.security;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * What a user may do in a virtual host, as three regular expressions over names of queues and exchanges (RabbitMQ: "Authorisation"). One that matches anywhere in the name allows; the empty one allows nothing.
 *
 * <p>Matching takes time linear in the name, whatever the expression (RE2).
 */
public final class Permission {
    /** Allows everything. */
    public static final Permission ALL = new Permission(".*", ".*", ".*");

    private final Rule configure;
    private final Rule write;
    private final Rule read;

    /** The three kinds of access. */
    public enum Access {
        CONFIGURE, WRITE, READ
    }

    private record Rule(String expression, Pattern pattern) {
        static Rule of(String expression) {
            return new Rule(expression, Pattern.compile(expression.isEmpty() ? "^$" : expression));
        }

        boolean allows(String name) {
            return expression.equals(".*") || pattern.matcher(name).find();
        }
    }

    private Permission(String configure, String write, String read) {
        this.configure = Rule.of(configure);
        this.write = Rule.of(write);
        this.read = Rule.of(read);
    }

    /** Compiles three expressions. Fails with {@link IllegalArgumentException}, whose text names the expression and what is wrong with it. */
    public static Permission of(String configure, String write, String read) {
        try {
            return new Permission(configure, write, read);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("invalid regular expression '" + e.getPattern() + "': "
                    + e.getDescription() + " (syntax: RE2, which has no look-around and no back-references)", e);
        }
    }

    /** Whether this access to a queue or exchange is allowed. The default exchange is called {@code amq.default} here. */
    public boolean allows(Access access, String name) {
        return (switch (access) {
            case CONFIGURE -> configure;
            case WRITE -> write;
            case READ -> read;
        }).allows(name);
    }

    public String configure() {
        return configure.expression();
    }

    public String write() {
        return write.expression();
    }

    public String read() {
        return read.expression();
    }

    @Override
    public String toString() {
        return "configure '" + configure() + "', write '" + write() + "', read '" + read() + "'";
    }
}
