// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.relais.amqp.codec.BasicMethod;
import io.relais.amqp.codec.ChannelMethod;
import io.relais.amqp.codec.TxMethod;
import io.relais.broker.SimulatedBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransactionTest {
    private final World world = new World();
    private final RawClient client = world.client().channel(1).declare("q");

    @AfterEach
    void end() {
        world.end();
    }

    TransactionTest() {
        client.method(1, new TxMethod.Select()).next(TxMethod.SelectOk.class);
    }

    private long ready() {
        return world.broker.queue("q").messageCount();
    }

    private long unacknowledged() {
        return world.broker.queue("q").unacknowledgedCount();
    }

    @Test
    void publishesTakeEffectAtTheCommit() {
        client.publishPersistent("q", "1").publishPersistent("q", "2");
        assertThat(ready()).isZero();

        client.method(1, new TxMethod.Commit()).next(TxMethod.CommitOk.class);

        assertThat(ready()).isEqualTo(2);
    }

    @Test
    void aCommitIsAnsweredAfterTheDiskHasIt() {
        world.broker.stallJournal();
        client.publishPersistent("q", "1").method(1, new TxMethod.Commit()).nothing();
        assertThat(client.isRead()).isFalse();

        world.broker.resumeJournal();

        client.next(TxMethod.CommitOk.class);
        assertThat(client.isRead()).isTrue();
    }

    @Test
    void publishesAreForgottenByARollback() {
        client.publishPersistent("q", "1");
        client.method(1, new TxMethod.Rollback()).next(TxMethod.RollbackOk.class);
        client.method(1, new TxMethod.Commit()).next(TxMethod.CommitOk.class);

        assertThat(ready()).isZero();
    }

    @Test
    void aMandatoryMessageComesBackAtTheCommit() {
        client.bytes(RawClient.publish(1, "", "nowhere", true, RawClient.persistent(), "back")).nothing();

        client.method(1, new TxMethod.Commit()).next(BasicMethod.Return.class);
        client.next(TxMethod.CommitOk.class);
    }

    @Test
    void acknowledgementsTakeEffectAtTheCommit() {
        client.publish("q", "1").method(1, new TxMethod.Commit()).next(TxMethod.CommitOk.class);
        client.consume("q", "c", false).ack(client.deliveryTag(), false);
        assertThat(unacknowledged()).isEqualTo(1);

        client.method(1, new TxMethod.Commit()).next(TxMethod.CommitOk.class);

        assertThat(unacknowledged()).isZero();
    }

    @Test
    void acknowledgementsAreTakenBackByARollback() {
        client.publish("q", "1").method(1, new TxMethod.Commit()).next(TxMethod.CommitOk.class);
        client.consume("q", "c", false).ack(client.deliveryTag(), false);

        client.method(1, new TxMethod.Rollback()).next(TxMethod.RollbackOk.class);
        assertThat(unacknowledged()).isEqualTo(1);

        client.ack(1, false).method(1, new TxMethod.Commit()).next(TxMethod.CommitOk.class);
        assertThat(unacknowledged()).isZero();
    }

    @Test
    void whatIsAcknowledgedAndNotCommittedComesBackWhenTheChannelEnds() {
        client.publish("q", "1").method(1, new TxMethod.Commit()).next(TxMethod.CommitOk.class);
        client.consume("q", "c", false).ack(client.deliveryTag(), false);

        client.disconnect();

        assertThat(ready()).isEqualTo(1);
    }

    @Test
    void aMessageIsAcknowledgedOnce() {
        client.publish("q", "1").method(1, new TxMethod.Commit()).next(TxMethod.CommitOk.class);
        client.consume("q", "c", false).ack(client.deliveryTag(), false).ack(1, false);

        assertThat(client.next(ChannelMethod.Close.class).replyText())
                .isEqualTo("PRECONDITION_FAILED - unknown delivery tag 1");
    }

    @Test
    void aQueueThatRejectsFailsTheCommit() {
        client.declare("full", SimulatedBroker.rejectingAbove(0));
        client.publish("full", "1").method(1, new TxMethod.Commit());

        assertThat(client.next(ChannelMethod.Close.class))
                .isEqualTo(new ChannelMethod.Close(406, "PRECONDITION_FAILED - partial tx completion", 90, 20));
    }

    @Test
    void aTransactionThatGrowsTooLargeClosesTheChannel() {
        String body = "x".repeat(100_000);
        for (int i = 0; i < 21; i++) {
            client.publish("q", body);
        }

        assertThat(client.next(ChannelMethod.Close.class).replyText())
                .isEqualTo("PRECONDITION_FAILED - transaction holds more than 2097152 bytes; commit more often");
    }
}
