// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

import java.util.List;

import io.relais.amqp.AmqpFrontEnd;
import io.relais.broker.LocalBroker;
import io.relais.log.Damage;
import io.relais.server.config.Config;
import io.relais.server.control.Operations;
import io.relais.server.listen.Listen;

/** The parts of a running server. */
record Running(Config config, Listen amqp, LocalBroker broker, AmqpFrontEnd frontEnd, OnOwner onOwner,
        Storage storage) {

    List<Damage> damages() {
        return storage.logs().damages();
    }

    Operations operations() {
        return new Operations();
    }
}
