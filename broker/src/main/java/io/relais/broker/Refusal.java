// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

/** Why the broker does not do what a client asked. A front end translates each kind into its protocol's code; texts are for people. */
public sealed interface Refusal {

    /** One sentence: what was refused and why. */
    String text();

    /** An exchange, queue or virtual host that does not exist. */
    record NotFound(String text) implements Refusal {}

    /** No permission, or a reserved name. */
    record AccessRefused(String text) implements Refusal {}

    /** Another connection's exclusive queue. */
    record Locked(String text) implements Refusal {}

    /** Declared before with other properties, in use, not empty, an argument out of range. */
    record PreconditionFailed(String text) implements Refusal {}

    /** A second exclusive consumer, or a consumer beside an exclusive one. */
    record ExclusiveConsumer(String text) implements Refusal {}

    /** Not allowed at all, for this or any client; closes the connection. */
    record NotAllowed(String text) implements Refusal {}

    /** A value that no program should send, such as an unknown exchange type; closes the connection. */
    record CommandInvalid(String text) implements Refusal {}

    /** Known, and not offered. Closes the connection. */
    record NotImplemented(String text) implements Refusal {}

    /** A limit of the broker was reached. */
    record ResourceExhausted(String text) implements Refusal {}

    /** The storage failed. */
    record StorageFailed(String text) implements Refusal {}
}
