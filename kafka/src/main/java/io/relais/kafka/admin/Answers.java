// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import io.relais.broker.store.DurabilityListener;
import io.relais.kafka.KafkaContext;
import io.relais.kafka.wire.Request;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Answers that wait for the disk. */
public final class Answers {
    private Answers() {}

    /** Answers once every change of metadata so far is durable: what a client was told survives a power cut. */
    public static void whenDurable(KafkaContext context, Request request, ApiMessage response) {
        context.topics().whenDurable(new DurabilityListener() {
            @Override
            public void durable() {
                request.respond(response);
            }

            @Override
            public void failed(String why) {
                request.fail(Errors.KAFKA_STORAGE_ERROR, why);
            }
        });
    }
}
