// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka;

import static io.relais.it.fixture.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;

import io.relais.it.kafka.fixture.Kafka;
import io.relais.it.kafka.fixture.KafkaTest;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Quotas of clients (KIP-546): stored, described and enforced by throttling. */
@KafkaTest
class QuotaTest {
    private final Kafka kafka;
    private final String client;

    QuotaTest(Kafka kafka) {
        this.kafka = kafka;
        client = kafka.name("client");
    }

    private void alter(String quota, @Nullable Double value) throws Exception {
        Kafka.await(kafka.admin()
                .alterClientQuotas(List.of(new ClientQuotaAlteration(new ClientQuotaEntity(Map.of("client-id", client)),
                        List.of(new ClientQuotaAlteration.Op(quota, value)))))
                .all());
    }

    private Map<ClientQuotaEntity, Map<String, Double>> describe() throws Exception {
        return Kafka.await(kafka.admin().describeClientQuotas(
                ClientQuotaFilter.containsOnly(List.of(ClientQuotaFilterComponent.ofEntity("client-id", client))))
                .entities());
    }

    @Test
    void aQuotaIsDescribedAsItWasSet() throws Exception {
        alter("producer_byte_rate", 1_000_000.0);

        eventually(() -> assertThat(describe())
                .containsExactly(Map.entry(new ClientQuotaEntity(Map.of("client-id", client)),
                        Map.of("producer_byte_rate", 1_000_000.0))));
    }

    @Test
    void aQuotaIsRemoved() throws Exception {
        alter("consumer_byte_rate", 1_000_000.0);
        eventually(() -> assertThat(describe()).isNotEmpty());

        alter("consumer_byte_rate", null);

        eventually(() -> assertThat(describe()).isEmpty());
    }

    @Test
    void anUnknownQuotaIsRefused() {
        assertThatThrownBy(() -> alter("coffee_rate", 1.0)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aQuotaOfNothingIsRefused() {
        assertThatThrownBy(() -> alter("producer_byte_rate", 0.0)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aProducerBeyondItsQuotaIsThrottled() throws Exception {
        String topic = kafka.topic();
        alter("producer_byte_rate", 10_000.0);
        eventually(() -> assertThat(describe()).isNotEmpty());
        KafkaProducer<String, String> producer = kafka.producer(Map.of("client.id", client));

        for (int i = 0; i < 4; i++) {
            Kafka.send(producer, new ProducerRecord<>(topic, "x".repeat(30_000)));
        }

        double throttleMs = producer.metrics().values().stream()
                .filter(m -> m.metricName().name().equals("produce-throttle-time-max"))
                .mapToDouble(m -> (double) m.metricValue()).max().orElseThrow();
        assertThat(throttleMs).isPositive();
    }
}
