// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

/**
 * The frame, what everything on an AMQP connection travels in (AMQP 0-9-1 4.2.3). Integers are big-endian.
 *
 * <pre>
 *  at      field     type
 *   0      type      u8   1 method, 2 content header, 3 content body, 8 heartbeat
 *   1      channel   u16  0 is the connection itself
 *   3      size      u32  bytes of the payload; size + 8 is at most the negotiated frame-max
 *   7      payload
 *   7+size end       u8   0xCE
 * </pre>
 */
public final class Frame {
    public static final int METHOD = 1;
    public static final int HEADER = 2;
    public static final int BODY = 3;
    public static final int HEARTBEAT = 8;

    /** The octet after the payload. */
    public static final int END = 0xCE;

    static final int TYPE = 0;
    static final int CHANNEL = TYPE + 1;
    static final int SIZE = CHANNEL + 2;

    /** Bytes before the payload. */
    public static final int PREFIX_BYTES = SIZE + 4;

    /** Bytes around the payload, which the negotiated frame-max counts too. */
    public static final int OVERHEAD_BYTES = PREFIX_BYTES + 1;

    /** The least frame-max that peers may agree upon (AMQP 0-9-1 1.4.2.6). */
    public static final int FRAME_MIN_SIZE = 4096;

    private Frame() {}
}
