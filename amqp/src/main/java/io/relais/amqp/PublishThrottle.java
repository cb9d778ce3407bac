// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import io.relais.amqp.codec.ConnectionMethod;
import io.relais.amqp.codec.ShortString;
import io.relais.broker.Broker;
import org.jspecify.annotations.Nullable;

/**
 * Stops a connection that publishes where the broker cannot take more: for a moment while too much is on its way to the disk, and for as long as an alarm lasts
 * (RabbitMQ: memory and disk alarms, blocked connections). A connection that does not publish is never stopped.
 *
 * <p>Thread: the owner.
 */
final class PublishThrottle implements Broker.BlockListener {
    private final Broker broker;
    private final ReadGate gate;
    private final ClientProperties client;
    private final Outbound outbound;
    private final Runnable relieved = this::relieved;
    private @Nullable String alarm;
    private boolean blocked;
    private boolean saturated;

    PublishThrottle(Broker broker, ReadGate gate, ClientProperties client, Outbound outbound) {
        this.broker = broker;
        this.gate = gate;
        this.client = client;
        this.outbound = outbound;
        this.alarm = broker.blockedReason();
        broker.onBlocked(this);
    }

    /** A publish begins. If an alarm is on, the input stops right behind it, before its content. */
    void publishing() {
        if (alarm != null && !blocked) {
            block(alarm);
        }
    }

    private void block(String reason) {
        blocked = true;
        gate.hold(ReadGate.Reason.BLOCKED);
        if (client.can(ClientProperties.CONNECTION_BLOCKED)) {
            outbound.method(0, new ConnectionMethod.Blocked(ShortString.fitting(reason)));
        }
    }

    @Override
    public void blocked(@Nullable String reason) {
        alarm = reason;
        if (reason == null && blocked) {
            blocked = false;
            if (client.can(ClientProperties.CONNECTION_BLOCKED)) {
                outbound.method(0, new ConnectionMethod.Unblocked());
            }
            gate.release(ReadGate.Reason.BLOCKED);
        }
    }

    /** A message was published. If too much is on its way to the disk, the input stops behind it. */
    void published() {
        if (!saturated && broker.saturated()) {
            saturated = true;
            gate.hold(ReadGate.Reason.SATURATED);
            broker.whenRelieved(relieved);
        }
    }

    private void relieved() {
        saturated = false;
        gate.release(ReadGate.Reason.SATURATED);
    }

    boolean isBlocked() {
        return blocked;
    }

    /** The connection ends. */
    void close() {
        broker.removeBlockListener(this);
    }
}
