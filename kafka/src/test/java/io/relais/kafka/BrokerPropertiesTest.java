// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;

class BrokerPropertiesTest {

    private static KafkaSettings with(String name, String value) {
        return KafkaSettings.DEFAULT.withProperties(Map.of(name, value));
    }

    @Test
    void propertiesOfGroupsTransactionsAndTheCleanerHold() {
        assertThat(BrokerProperties.of(with("group.max.size", "7")).groups().coordinator().classicGroupMaxSize())
                .isEqualTo(7);
        assertThat(BrokerProperties.of(with("transaction.max.timeout.ms", "60000")).transactions().maxTimeoutMs())
                .isEqualTo(60_000);
        assertThat(BrokerProperties.of(with("log.cleaner.backoff.ms", "500")).cleaner().compactionCheckMs())
                .isEqualTo(500);
    }

    @Test
    void aNameThatMeansNothingHereIsRefused() {
        assertThatThrownBy(() -> with("log.dirs", "/x")).hasMessageStartingWith("'log.dirs' means nothing here");
    }

    @Test
    void aValueThatIsNoneIsRefusedWithItsName() {
        assertThatThrownBy(() -> with("group.max.size", "zero")).hasMessageContaining("group.max.size");
        assertThatThrownBy(() -> with("log.cleaner.backoff.ms", "0")).hasMessageContaining("log.cleaner.backoff.ms");
    }
}
