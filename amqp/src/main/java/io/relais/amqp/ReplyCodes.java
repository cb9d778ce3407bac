// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.amqp.codec.AmqpException;
import io.relais.amqp.codec.ReplyCode;
import io.relais.broker.Refusal;

/** The one place that knows which reply code a refusal of the broker has on the wire. */
final class ReplyCodes {
    private ReplyCodes() {}

    static ReplyCode of(Refusal refusal) {
        return switch (refusal) {
            case Refusal.NotFound _ -> ReplyCode.NOT_FOUND;
            case Refusal.AccessRefused _,Refusal.ExclusiveConsumer _ -> ReplyCode.ACCESS_REFUSED;
            case Refusal.Locked _ -> ReplyCode.RESOURCE_LOCKED;
            case Refusal.PreconditionFailed _ -> ReplyCode.PRECONDITION_FAILED;
            case Refusal.NotAllowed _ -> ReplyCode.NOT_ALLOWED;
            case Refusal.CommandInvalid _ -> ReplyCode.COMMAND_INVALID;
            case Refusal.NotImplemented _ -> ReplyCode.NOT_IMPLEMENTED;
            case Refusal.ResourceExhausted _ -> ReplyCode.RESOURCE_ERROR;
            case Refusal.StorageFailed _ -> ReplyCode.INTERNAL_ERROR;
        };
    }

    static AmqpException exception(Refusal refusal) {
        return new AmqpException(of(refusal), refusal.text());
    }
}
