// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.ConnectionMethod;
import io.relais.amqp.codec.Frame;
import io.relais.amqp.codec.ReplyCode;

/**
 * The limits both sides agreed upon (AMQP 0-9-1 1.4.2.5). None is 0 any more, but the heartbeat where there is none.
 *
 * @param frameMaxBytes overhead included
 */
record Tuning(int channelMax, int frameMaxBytes, int heartbeatSeconds) {

    /** What is suggested to a client. */
    static ConnectionMethod.Tune offer(AmqpSettings settings) {
        return new ConnectionMethod.Tune(settings.channelMax(), settings.frameMaxBytes(), settings.heartbeatSeconds());
    }

    /**
     * Takes a client's answer. 0 means that the client sets no limit of its own, so ours counts; the heartbeat is the client's choice.
     *
     * @throws AmqpException 530 where the client goes beyond what was offered, or below what the specification allows
     */
    static Tuning agree(AmqpSettings offered, ConnectionMethod.TuneOk answer) {
        return new Tuning(agree("channel_max", 1, offered.channelMax(), answer.channelMax()),
                agree("frame_max", Frame.FRAME_MIN_SIZE, offered.frameMaxBytes(), answer.frameMax()),
                answer.heartbeat());
    }

    private static int agree(String field, int least, int offered, long answer) {
        if (answer == 0) {
            return offered;
        }
        if (answer < least) {
            throw new AmqpException(ReplyCode.NOT_ALLOWED,
                    "negotiated " + field + " = " + answer + " is lower than the minimum allowed value (" + least
                            + ")");
        }
        if (answer > offered) {
            throw new AmqpException(ReplyCode.NOT_ALLOWED, "negotiated " + field + " = " + answer
                    + " is higher than the maximum allowed value (" + offered + ")");
        }
        return (int) answer;
    }
}
