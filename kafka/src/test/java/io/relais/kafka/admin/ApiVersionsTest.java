// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

import io.relais.kafka.LiveKafka;
import io.relais.kafka.RawClient;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client hears first. */
class ApiVersionsTest {
    private final Path folder;

    ApiVersionsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private ApiVersionsResponseData ask(ApiVersionsRequestData request, int version) throws IOException {
        try (LiveKafka kafka = LiveKafka.start(folder); RawClient client = new RawClient(kafka.port())) {
            return client.call(request.setClientSoftwareName("test").setClientSoftwareVersion("1"), version,
                    new ApiVersionsResponseData());
        }
    }

    @Test
    void featuresAreTold() throws IOException {
        ApiVersionsResponseData response = ask(new ApiVersionsRequestData(), 4);

        assertThat(response.finalizedFeatures().find("transaction.version").maxVersionLevel()).isEqualTo((short) 2);
        assertThat(response.supportedFeatures().find("group.version").minVersion()).isZero();
        assertThat(response.finalizedFeaturesEpoch()).isNotNegative();
    }

    @Test
    void aClientThatDoesNotKnowRangesFromZeroHearsOfThoseAboveOnly() throws IOException {
        assertThat(ask(new ApiVersionsRequestData(), 3).supportedFeatures())
                .allSatisfy(feature -> assertThat(feature.minVersion()).isPositive());
    }

    @Test
    void aClientOfAnotherClusterIsSentBackToItsBootstrapServers() throws IOException {
        assertThat(
                Errors.forCode(ask(new ApiVersionsRequestData().setClusterId("another").setNodeId(1), 5).errorCode()))
                .isEqualTo(Errors.REBOOTSTRAP_REQUIRED);
        assertThat(Errors.forCode(ask(new ApiVersionsRequestData().setNodeId(7), 5).errorCode()))
                .as("both are told, or none").isEqualTo(Errors.INVALID_REQUEST);
        assertThat(ask(new ApiVersionsRequestData(), 5).errorCode()).isZero();
    }
}
