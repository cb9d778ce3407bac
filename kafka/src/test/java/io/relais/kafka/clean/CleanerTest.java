// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.relais.kafka.clean.SimulatedLogs.Log;
import io.relais.kafka.clean.SimulatedLogs.Read;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the cleaner does to logs as time passes. */
class CleanerTest {
    private static final int ROUND_MS = 16_000;
    private static final int RETENTION_CHECK_MS = 316_000;
    private static final long PRODUCER = 9;

    private static Map<String, String> compacted(String... more) {
        Map<String, String> config = new HashMap<>(
                Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.0", "delete.retention.ms",
                        "60000"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> values(List<Read> records) {
        return records.stream().map(each -> each.offset() + ":" + each.key() + "=" + each.value()).toList();
    }

    @Nested
    class GivenACompactedTopic {
        final SimulatedLogs logs = SimulatedLogs.start();
        final Log log = logs.create("orders", compacted());

        void clean() {
            log.roll();
            log.put("end", "end"); // a file is complete when the next one is begun
            logs.simulation.advance(ROUND_MS);
        }

        @Test
        void whenAKeyIsWrittenAgain_thenOnlyItsLastValueStays_atItsOffset() {
            log.put("a", "1");
            log.append(log.record("b", "1"), log.record("a", "2"), log.record("c", "1"));
            log.put("b", "2");

            clean();

            assertThat(values(log.records())).containsExactly("2:a=2", "3:c=1", "4:b=2", "5:end=end");
            assertThat(logs.cleaned(log)).isEqualTo(5);
        }

        @Test
        void theFileThatIsWrittenTo_isNotTouched() {
            log.put("a", "1");
            log.put("a", "2");

            logs.simulation.advance(ROUND_MS);

            assertThat(log.records()).hasSize(2);
        }

        @Test
        void whenNothingChanged_thenNothingIsRewritten() {
            log.put("a", "1");
            log.put("a", "2");
            clean();
            List<?> parts = log.log.parts();

            logs.simulation.advance(10 * ROUND_MS);

            assertThat(log.log.parts()).isEqualTo(parts);
        }

        @Test
        void whenAKeyIsDeleted_thenItsTombstoneStaysForTheDeleteRetention_andGoes() {
            log.put("a", "1");
            log.put("a", null);
            clean();
            assertThat(values(log.records())).containsExactly("1:a=null", "2:end=end");

            logs.simulation.advance(40_000);
            clean();
            assertThat(values(log.records())).contains("1:a=null");

            logs.simulation.advance(40_000);
            clean();
            assertThat(values(log.records())).noneMatch(each -> each.contains("a="));
        }

        @Test
        void recordsWithoutAKey_go() {
            log.append(new SimpleRecord(1, null, new byte[]{1}));
            log.put("a", "1");

            clean();

            assertThat(values(log.records())).containsExactly("1:a=1", "2:end=end");
        }

        @Test
        void timestampsHeadersAndCompression_stayTheSame() {
            Header[] headers = {new RecordHeader("trace", new byte[]{1, 2})};
            log.append(Compression.zstd().build(), SimulatedLogs.NO_PRODUCER,
                    new SimpleRecord(100, utf8("a"), utf8("1"), headers),
                    new SimpleRecord(200, utf8("b"), utf8("1"), headers),
                    new SimpleRecord(300, utf8("c"), utf8("1"), headers));
            log.put("b", "2");

            clean();

            List<Read> read = log.records();
            assertThat(values(read)).containsExactly("0:a=1", "2:c=1", "3:b=2", "4:end=end");
            assertThat(read).extracting(Read::timestamp).startsWith(100L, 300L);
            assertThat(read).extracting(Read::compression).startsWith((int) CompressionType.ZSTD.id,
                    (int) CompressionType.ZSTD.id);
            log.scan(batch -> batch.forEach(record -> {
                if (record.timestamp() <= 300) {
                    assertThat(record.headers()).containsExactly(headers);
                }
            }));
        }

        @Test
        void whenATransactionIsAborted_thenItsRecordsGo_andItsMarkerLater() {
            log.put("a", "old");
            log.append(Compression.NONE, PRODUCER, log.record("a", "aborted"));
            log.end(PRODUCER, false);
            log.append(Compression.NONE, PRODUCER, log.record("b", "committed"));
            log.end(PRODUCER, true);

            clean();
            assertThat(values(log.records())).containsExactly("0:a=old", "3:b=committed", "5:end=end");
            assertThat(values(log.committed())).containsExactly("0:a=old", "3:b=committed", "5:end=end");
            assertThat(log.markers()).isEqualTo(2);

            clean(); // nothing of it is left: from now on its marker is kept for the delete retention
            logs.simulation.advance(60_000);
            clean();
            assertThat(log.markers()).isOne();
            assertThat(values(log.committed())).startsWith("0:a=old", "3:b=committed");
        }

        @Test
        void nothingIsTouchedFromAnOpenTransactionOn() {
            log.put("a", "1");
            log.put("a", "2");
            log.roll();
            log.append(Compression.NONE, PRODUCER, log.record("a", "3"));
            log.put("a", "4");
            clean();
            assertThat(values(log.records())).containsExactly("1:a=2", "2:a=3", "3:a=4", "4:end=end");

            log.end(PRODUCER, false);
            clean();
            assertThat(values(log.records())).startsWith("3:a=4");
        }

        @Test
        void theLastBatchOfAProducer_staysForItsSequence_ifWithoutRecords() {
            log.append(Compression.NONE, PRODUCER, log.record("a", "1"), log.record("b", "1"));
            log.end(PRODUCER, true);
            log.append(log.record("a", "2"), log.record("b", "2"));

            clean();

            assertThat(values(log.records())).startsWith("3:a=2", "4:b=2");
            boolean[] found = {false};
            log.scan(batch -> found[0] |= !batch.isControlBatch() && batch.producerId() == PRODUCER
                    && batch.lastSequence() == 1 && batch.lastOffset() == 1);
            assertThat(found[0]).isTrue();
        }

        @Test
        void whenTheTopicIsDeletedMeanwhile_thenTheOthersAreCompactedAllTheSame() {
            Log other = logs.create("other", compacted());
            for (Log each : List.of(log, other)) {
                each.put("a", "1");
                each.put("a", "2");
                each.roll();
                each.put("end", "end");
            }
            for (int turns = 0; turns < 200; turns += 20) {
                Log doomed = logs.create("doomed", compacted());
                for (int i = 0; i < 20; i++) {
                    doomed.put("a", "v" + i);
                    doomed.roll();
                }
                doomed.put("end", "end");
                doomed.settle();
                int left = turns;
                logs.simulation.schedule(15_000, () -> deleteAfter(left));
                logs.simulation.advance(ROUND_MS);
            }

            assertThat(values(log.records())).containsExactly("1:a=2", "2:end=end");
            assertThat(values(other.records())).containsExactly("1:a=2", "2:end=end");
        }

        private void deleteAfter(int turns) {
            if (turns > 0) {
                logs.simulation.execute(() -> deleteAfter(turns - 1));
            } else {
                logs.topics.delete(Objects.requireNonNull(logs.topics.byName("doomed")));
            }
        }
    }

    @Nested
    class GivenLimits {

        @Test
        void recordsStayUntouchedForTheMinimalLag() {
            SimulatedLogs logs = SimulatedLogs.start();
            Log log = logs.create("orders", compacted("min.compaction.lag.ms", "100000"));
            log.put("a", "1");
            log.put("a", "2");
            log.roll();
            log.put("end", "end");

            logs.simulation.advance(90_000);
            assertThat(log.records()).hasSize(3);
            logs.simulation.advance(30_000);
            assertThat(log.records()).hasSize(2);
        }

        @Test
        void recordsAreCompactedAfterTheMaximalLag_howeverFewTheyAre() {
            SimulatedLogs logs = SimulatedLogs.start();
            Log log = logs.create("orders",
                    compacted("min.cleanable.dirty.ratio", "1.0", "max.compaction.lag.ms", "100000"));
            log.put("a", "1");
            log.put("a", "2");
            log.settle();

            logs.simulation.advance(120_000);
            log.put("end", "end"); // the file was complete when the lag was over
            logs.simulation.advance(ROUND_MS);

            assertThat(values(log.records())).containsExactly("1:a=2", "2:end=end");
        }

        @Test
        void whenMemoryHoldsFewKeys_thenItTakesSeveralPasses() {
            SimulatedLogs logs = SimulatedLogs.start(7, new CleanSettings(15_000, 300_000, 50 * OffsetMap.SLOT_BYTES));
            Log log = logs.create("orders", compacted());
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 200; i++) {
                    log.put("k" + i, "v" + round);
                }
            }
            log.roll();
            log.put("end", "end");

            logs.simulation.advance(ROUND_MS);
            assertThat(logs.cleaned(log)).isBetween(1L, 599L);
            logs.simulation.advance(40 * ROUND_MS);

            assertThat(logs.cleaned(log)).isEqualTo(600);
            assertThat(log.records()).hasSize(201);
        }
    }

    @Nested
    class GivenRetention {
        final SimulatedLogs logs = SimulatedLogs.start();

        private Log filled(String name, @Nullable String size) {
            Map<String, String> config = new HashMap<>(Map.of("retention.ms", "1000000"));
            if (size != null) {
                config.put("retention.bytes", size);
            }
            Log log = logs.create(name, config);
            for (int i = 0; i < 3; i++) {
                log.put("k", "v" + i);
                log.roll();
                logs.simulation.advance(100_000);
            }
            log.put("k", "last");
            log.settle();
            return log;
        }

        @Test
        void whenRecordsAreTooOld_thenTheirFilesGo() {
            Log log = filled("orders", null);

            logs.simulation.advance(1_000_000);
            assertThat(log.partition.logStartOffset()).isBetween(1L, 2L);
            assertThat(log.records()).hasSizeLessThan(4);

            logs.simulation.advance(1_000_000);
            assertThat(log.partition.logStartOffset()).as("nothing is left to read").isEqualTo(4);
            assertThat(log.partition.highWatermark()).isEqualTo(4);
        }

        @Test
        void whenEverythingIsTooOld_thenTheLastFileIsFreedWithTheNextRecord() {
            Log log = filled("orders", null);
            logs.simulation.advance(2_000_000);

            long offset = log.put("k", "new");
            logs.simulation.advance(RETENTION_CHECK_MS);

            assertThat(offset).isEqualTo(4);
            assertThat(values(log.records())).containsExactly("4:k=new");
            assertThat(log.log.parts()).hasSize(1);
        }

        @Test
        void whenThereIsTooMuch_thenTheOldestFilesGo() {
            Log log = filled("orders", "120");

            logs.simulation.advance(RETENTION_CHECK_MS);

            assertThat(values(log.records())).containsExactly("2:k=v2", "3:k=last");
        }

        @Test
        void whenAFileIsOldEnough_thenAnotherIsBegun() {
            Log log = logs.create("orders", Map.of("segment.ms", "60000"));
            log.put("k", "1");
            logs.simulation.advance(RETENTION_CHECK_MS + 60_000);

            log.put("k", "2");
            log.settle();

            assertThat(log.log.parts()).hasSize(2);
        }

        @Test
        void afterARestart_whatWasTooOldIsStillGone() {
            filled("orders", null);
            logs.simulation.advance(2_000_000);

            Log log = logs.crash().log("orders");

            assertThat(log.partition.logStartOffset()).isEqualTo(4);
        }
    }
}
