// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.util.List;
import java.util.Map;

import io.relais.amqp.AmqpFrontEnd;
import io.relais.broker.LocalBroker;
import io.relais.broker.runtime.Owner;
import io.relais.log.Damage;
import io.relais.log.LogStore;
import io.relais.server.config.Config;
import io.relais.server.control.Operations;
import io.relais.server.listen.Listen;

/** The parts of a running server. */
record Running(Config config, Listen amqp, Map<String, Listen> kafka, Owner owner, LocalBroker broker,
        AmqpFrontEnd frontEnd,
        LogStore logs) {

    List<Damage> damages() {
        return logs.damages();
    }

    Operations operations() {
        Replies replies = new Replies(owner::execute);
        Operations operations = new AdminOperations(broker.administration(), replies).addTo(new Operations());
        return new ServerOperations(this, replies).addTo(operations);
    }
}
