// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class ConfirmedTagsTest {
    private final ConfirmedTags tags = new ConfirmedTags();
    private final List<Long> confirmed = new ArrayList<>();

    @Test
    void aMultipleConfirmCoversAllBelowIt() {
        confirm(3, true);

        assertThat(confirmed).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whatWasConfirmedEarlyIsNotReportedAgain() {
        confirm(2, false);
        confirm(4, false);
        confirm(4, true);
        confirm(5, false);

        assertThat(confirmed).containsExactly(2L, 4L, 1L, 3L, 5L);
    }

    @Test
    void everyTagIsReportedOnceInWhateverOrderTheyCome() {
        confirm(3, false);
        confirm(1, false);
        confirm(2, false);
        confirm(6, true);

        assertThat(confirmed).containsExactly(3L, 1L, 2L, 4L, 5L, 6L);
    }

    private void confirm(long tag, boolean multiple) {
        tags.confirm(tag, multiple, confirmed::add);
    }
}
