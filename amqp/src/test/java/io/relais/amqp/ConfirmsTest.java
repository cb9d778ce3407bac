// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp;

import static io.relais.broker.PublishOutcome.Kind.REJECTED;
import static io.relais.broker.PublishOutcome.Kind.ROUTED;
import static io.relais.broker.PublishOutcome.Kind.UNROUTABLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;

import io.relais.amqp.codec.Seeds;
import io.relais.broker.runtime.Simulation;
import io.relais.broker.store.DurabilityListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfirmsTest {
    private final Simulation time = new Simulation(1);
    private final List<String> sent = new ArrayList<>();
    private final Disk disk = new Disk();
    private final Confirms confirms = new Confirms(disk::whenDurable, time, new Confirms.Output() {
        @Override
        public void ack(long deliveryTag, boolean multiple) {
            sent.add("ack " + deliveryTag + (multiple ? "+" : ""));
        }

        @Override
        public void nack(long deliveryTag, boolean multiple) {
            sent.add("nack " + deliveryTag + (multiple ? "+" : ""));
        }
    });

    /** A disk that has what the test says it has. */
    private static final class Disk {
        private record Waiting(long ticket, DurabilityListener listener) {}

        private final List<Waiting> waiting = new ArrayList<>();
        private long durable;

        void whenDurable(long ticket, DurabilityListener listener) {
            if (ticket <= durable) {
                listener.durable();
            } else {
                waiting.add(new Waiting(ticket, listener));
                assertThat(waiting).as("registrations at a time").hasSize(1);
            }
        }

        void has(long ticket) {
            durable = ticket;
            List<Waiting> now = waiting.stream().filter(w -> w.ticket <= ticket).toList();
            waiting.removeAll(now);
            now.forEach(w -> w.listener.durable());
        }

        void fails() {
            List<Waiting> now = List.copyOf(waiting);
            waiting.clear();
            now.forEach(w -> w.listener.failed("no space"));
        }
    }

    private void endRound() {
        time.settle();
    }

    @Test
    void whatWaitsForTheDiskIsAcknowledgedTogetherWhenTheDiskHasIt() {
        confirms.published(ROUTED, 1);
        confirms.published(ROUTED, 2);
        confirms.published(ROUTED, 2);
        endRound();
        disk.has(1);
        assertThat(sent).isEmpty();

        disk.has(2);

        assertThat(sent).containsExactly("ack 3+");
    }

    @Test
    void roundsAreAcknowledgedInOrder() {
        confirms.published(ROUTED, 1);
        endRound();
        confirms.published(ROUTED, 2);
        confirms.published(ROUTED, 3);
        endRound();

        disk.has(3);

        assertThat(sent).containsExactly("ack 1", "ack 3+");
    }

    @Test
    void whatDoesNotWaitIsAcknowledgedAtTheEndOfTheRound() {
        confirms.published(ROUTED, 0);
        confirms.published(UNROUTABLE, 0);
        assertThat(sent).isEmpty();

        endRound();

        assertThat(sent).containsExactly("ack 2+");
    }

    @Test
    void whatDoesNotWaitIsNotHeldUpByWhatDoes() {
        confirms.published(ROUTED, 0);
        confirms.published(ROUTED, 1);
        confirms.published(ROUTED, 0);
        endRound();
        assertThat(sent).containsExactly("ack 1", "ack 3");

        disk.has(1);
        assertThat(sent).containsExactly("ack 1", "ack 3", "ack 2");
    }

    @Test
    void whatWasRejectedIsNegativelyAcknowledged() {
        confirms.published(ROUTED, 1);
        confirms.published(REJECTED, 0);
        confirms.published(ROUTED, 1);
        endRound();
        disk.has(1);

        assertThat(sent).containsExactly("nack 2", "ack 3+");
    }

    @Test
    void whatTheDiskDidNotTakeIsNegativelyAcknowledged() {
        confirms.published(ROUTED, 1);
        confirms.published(ROUTED, 1);
        endRound();

        disk.fails();

        assertThat(sent).containsExactly("nack 2+");
    }

    @Test
    void afterTheChannelEndsNothingIsSent() {
        confirms.published(ROUTED, 1);
        confirms.published(ROUTED, 0);
        confirms.close();
        endRound();
        disk.has(1);

        assertThat(sent).isEmpty();
    }

    static LongStream seeds() {
        return Seeds.fresh(100);
    }

    /** Whatever is published: every number is answered, none that waits before the disk has it. */
    @ParameterizedTest
    @MethodSource("seeds")
    void everyNumberIsAnsweredAndNoneTooEarly(long seed) {
        Random random = new Random(seed);
        TreeSet<Long> unanswered = new TreeSet<>();
        long[] ticketOf = new long[500];
        long ticket = 0;
        for (int number = 1; number < ticketOf.length; number++) {
            unanswered.add((long) number);
            switch (random.nextInt(4)) {
                case 0 -> confirms.published(ROUTED, 0);
                case 1 -> confirms.published(REJECTED, 0);
                default -> {
                    ticket += random.nextInt(2);
                    ticketOf[number] = Math.max(ticket, 1);
                    confirms.published(ROUTED, ticketOf[number]);
                }
            }
            if (random.nextInt(5) == 0) {
                endRound();
            }
            if (random.nextInt(5) == 0) {
                disk.has(disk.durable + random.nextInt((int) (ticket - disk.durable) + 1));
            }
            answers(unanswered, ticketOf);
        }
        endRound();
        disk.has(ticket + 1);
        answers(unanswered, ticketOf);
        assertThat(unanswered).isEmpty();
    }

    private void answers(java.util.NavigableSet<Long> unanswered, long[] ticketOf) {
        for (String answer : sent) {
            long number = Long.parseLong(answer.replaceAll("\\D", ""));
            var answered = answer.endsWith("+") ? List.copyOf(unanswered.headSet(number, true)) : List.of(number);
            assertThat(answered).allMatch(n -> ticketOf[n.intValue()] <= disk.durable);
            unanswered.removeAll(answered);
        }
        sent.clear();
    }
}
