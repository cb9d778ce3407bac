// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EndpointTest {

    @Test
    void isReadFromAddressAndLogin() {
        assertThat(Endpoint.parse("127.0.0.1:5673", "guest:guest").uri())
                .isEqualTo("amqp://guest:guest@127.0.0.1:5673");
    }

    @Test
    void anAddressWithoutAPortIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.parse("localhost", "guest:guest"))
                .withMessageContaining("wanted HOST:PORT");
    }
}
