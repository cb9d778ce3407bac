// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * Which delivery tags a channel has confirmed, each reported once. A single confirm may come before those of lower tags; a later multiple one covers only what
 * is still open (RabbitMQ: "Consumer Acknowledgements and Publisher Confirms"). Thread: the connection's reading thread.
 */
final class ConfirmedTags {
    private final TreeSet<Long> early = new TreeSet<>();
    private long next = 1;

    void confirm(long deliveryTag, boolean multiple, LongConsumer each) {
        if (multiple) {
            for (; next <= deliveryTag; next++) {
                if (!early.remove(next)) {
                    each.accept(next);
                }
            }
        } else {
            each.accept(deliveryTag);
            early.add(deliveryTag);
        }
        while (early.remove(next)) {
            next++;
        }
    }
}
