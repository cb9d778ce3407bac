// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.queue;

import io.relais.broker.Message;
import io.relais.broker.PropertiesCodec;
import io.relais.broker.runtime.Owner;
import io.relais.broker.store.Shard;

/** What a queue needs from the virtual host it lives in. Thread: the owner. */
public interface QueueHost {

    Owner owner();

    Shard shard();

    PropertiesCodec codec();

    /** Publishes a dead-lettered message, with its x-death already written, to the exchange and key it names. A missing exchange drops it. */
    void deadLetter(MessageQueue source, Message message);

    /** The queue should be deleted: its last consumer is gone and it is auto-delete, or it was unused for x-expires. */
    void unused(MessageQueue queue);
}
