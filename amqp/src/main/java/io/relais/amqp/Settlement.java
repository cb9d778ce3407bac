// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.broker.queue.MessageQueue;

/** How a client settles a message it was given. */
enum Settlement {
    /** basic.ack. */
    ACKNOWLEDGE {
        @Override
        void apply(MessageQueue queue, long offset) {
            queue.acknowledge(offset);
        }
    },
    /** Back to its place: basic.nack or basic.reject with requeue, basic.recover, the end of a channel. Every return counts, as in RabbitMQ's quorum queues. */
    REQUEUE {
        @Override
        void apply(MessageQueue queue, long offset) {
            queue.requeue(offset, true);
        }
    },
    /** basic.nack or basic.reject without requeue. */
    REJECT {
        @Override
        void apply(MessageQueue queue, long offset) {
            queue.reject(offset);
        }
    };

    abstract void apply(MessageQueue queue, long offset);
}
