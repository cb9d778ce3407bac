// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

import io.netty.channel.embedded.EmbeddedChannel;
import io.relais.amqp.codec.AmqpProperties;
import io.relais.broker.SimulatedBroker;
import io.relais.broker.runtime.Simulation;

/** A broker in virtual time, and clients that speak to it in raw frames. */
final class World {
    final Simulation time = new Simulation(1);
    final SimulatedBroker broker = new SimulatedBroker(time, new AmqpProperties());
    private final AmqpSettings settings;
    private final List<AmqpFrontEnd> frontEnds = new ArrayList<>();
    private final List<RawClient> clients = new ArrayList<>();

    World() {
        this(AmqpSettings.DEFAULT);
    }

    World(AmqpSettings settings) {
        this.settings = settings;
    }

    /** A client that has connected and said nothing yet. */
    RawClient connect() {
        EmbeddedChannel socket = new EmbeddedChannel();
        AmqpFrontEnd frontEnd = new AmqpFrontEnd(broker.broker(), time, socket.eventLoop(), settings,
                RandomGenerator.getDefault());
        frontEnds.add(frontEnd);
        frontEnd.attach(socket);
        RawClient client = new RawClient(socket, time);
        clients.add(client);
        return client;
    }

    /** A client with an open connection that knows all capabilities. */
    RawClient client() {
        return connect().handshake();
    }

    /** Everybody leaves, and the broker stops. */
    void end() {
        clients.forEach(RawClient::disconnect);
        broker.close();
    }

    AmqpFrontEnd lastFrontEnd() {
        return frontEnds.getLast();
    }

    List<ConnectionSummary> connections() {
        return frontEnds.stream().flatMap(frontEnd -> frontEnd.connections().stream()).toList();
    }

    CompletionStage<Void> closeAll(String reason) {
        return lastFrontEnd().closeAll(reason);
    }
}
