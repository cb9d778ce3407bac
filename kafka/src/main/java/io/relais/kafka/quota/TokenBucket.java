// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.quota;

/**
 * A rate with a burst: tokens come in steadily up to the burst; what is taken beyond what is there is a debt that has to be waited for.
 */
final class TokenBucket {
    private static final double NS_PER_SECOND = 1e9;

    private final double perSecond;
    private final double burst;
    private double tokens;
    private long filledNs;

    /**
     * A full one.
     *
     * @param burst how many tokens can be saved up
     */
    TokenBucket(double perSecond, double burst, long nowNs) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.tokens = burst;
        this.filledNs = nowNs;
    }

    double perSecond() {
        return perSecond;
    }

    void take(double count, long nowNs) {
        fill(nowNs);
        tokens -= count;
    }

    /** Milliseconds until the debt is paid, rounded up; 0 where there is none. */
    long debtMs(long nowNs) {
        fill(nowNs);
        return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / perSecond * 1_000);
    }

    private void fill(long nowNs) {
        tokens = Math.min(burst, tokens + (nowNs - filledNs) / NS_PER_SECOND * perSecond);
        filledNs = nowNs;
    }
}
