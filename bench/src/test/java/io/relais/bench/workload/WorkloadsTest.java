// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class WorkloadsTest {

    @Test
    void areFoundByNameInTheOrderAskedFor() {
        assertThat(Workloads.named("latency,durable-1k")).extracting(Workload::name).containsExactly("latency",
                "durable-1k");
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        assertThatIllegalArgumentException().isThrownBy(() -> Workloads.named("durable"))
                .withMessageContaining("no workload 'durable'").withMessageContaining("durable-12b");
    }
}
