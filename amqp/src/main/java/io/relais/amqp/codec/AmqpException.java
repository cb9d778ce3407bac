// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

/**
 * A peer broke the protocol, or asked for what it cannot have: it ends the channel or the connection, as the code says.
 *
 * <p>Carries no stack trace: it speaks of the peer's doing, not of ours, and a peer must not be able to make us spend much on it.
 */
public final class AmqpException extends RuntimeException {
    private final ReplyCode code;

    /** @param text what was wrong, without the name of the code */
    public AmqpException(ReplyCode code, String text) {
        super(text, null, false, false);
        this.code = code;
    }

    public ReplyCode code() {
        return code;
    }

    /** The reply text as RabbitMQ words it: the code's name, a dash, what was wrong. At most 255 bytes of UTF-8. */
    public String replyText() {
        return ShortString.fitting(code.name() + " - " + getMessage());
    }

    static AmqpException cutShort() {
        return new AmqpException(ReplyCode.FRAME_ERROR, "cannot decode: cut short");
    }

    static AmqpException syntax(String text) {
        return new AmqpException(ReplyCode.SYNTAX_ERROR, text);
    }
}
