// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.report;

/** What may be measured, in the order of the report. The key names it in the raw lines. */
public enum Figure {
    RECEIVED("received_per_s", "messages received", "/s"), SENT("sent_per_s", "messages sent", "/s"), BROKER_CPU(
            "broker_cpu_s_per_million", "broker CPU", "s per million messages"), CLIENT_CPU("client_cpu_s_per_million",
                    "client CPU", "s per million messages"), DELIVER_P50("deliver_p50_ms", "publish to deliver, p50",
                            "ms"), DELIVER_P99("deliver_p99_ms", "publish to deliver, p99", "ms"), DELIVER_P999(
                                    "deliver_p999_ms", "publish to deliver, p99.9",
                                    "ms"), CONFIRM_P50("confirm_p50_ms", "publish to confirm, p50", "ms"), CONFIRM_P99(
                                            "confirm_p99_ms", "publish to confirm, p99",
                                            "ms"), CONFIRM_P999("confirm_p999_ms", "publish to confirm, p99.9",
                                                    "ms"), START("start_s", "exec to first client served",
                                                            "s"), MEMORY_BEFORE("memory_before_mb", "resident before",
                                                                    "MB"), MEMORY_PEAK("memory_peak_mb",
                                                                            "resident peak", "MB"), MEMORY_AFTER(
                                                                                    "memory_after_mb", "resident after",
                                                                                    "MB"), PER_CONNECTION(
                                                                                            "memory_per_connection_kb",
                                                                                            "resident per idle connection",
                                                                                            "KB"), PER_CONNECTION_AND_CHANNEL(
                                                                                                    "memory_per_connection_and_channel_kb",
                                                                                                    "resident per idle connection with a channel",
                                                                                                    "KB"), CONNECTS(
                                                                                                            "connects_per_s",
                                                                                                            "connections opened",
                                                                                                            "/s"), OTHERS(
                                                                                                                    "others_share_of_a_core",
                                                                                                                    "CPU of everything else",
                                                                                                                    "cores");

    private final String key;
    private final String title;
    private final String unit;

    Figure(String key, String title, String unit) {
        this.key = key;
        this.title = title;
        this.unit = unit;
    }

    public String key() {
        return key;
    }

    String title() {
        return title + ", " + unit;
    }
}
