// SPDX-License-Identifier: Apache-2.0
package io.relais.server;

/**
 * Whether a resource is short: from the moment it passes a limit until it is clearly on the right side again, so that an alarm does not flutter.
 *
 * <p>Thread: one.
 */
final class Watermark {
    /** What must be gained beyond the limit for the alarm to end: this part of the limit. */
    private static final int MARGIN_DIVISOR = 10;

    private final long limit;
    private final boolean least;
    private boolean passed;

    private Watermark(long limit, boolean least) {
        this.limit = limit;
        this.least = least;
    }

    /** A resource of which at least so much must be left. */
    static Watermark atLeast(long limit) {
        return new Watermark(limit, true);
    }

    /** A resource of which at most so much may be used. */
    static Watermark atMost(long limit) {
        return new Watermark(limit, false);
    }

    /** Looks at the resource again; says whether it is short. */
    boolean passed(long value) {
        long margin = passed ? limit / MARGIN_DIVISOR : 0;
        passed = least ? value < limit + margin : value > limit - margin;
        return passed;
    }

    /** Whether a value would pass the limit, without remembering it. */
    boolean exceededBy(long value) {
        return least ? value < limit : value > limit;
    }

    /** Whether the resource was short when it was last looked at. */
    boolean passed() {
        return passed;
    }
}
