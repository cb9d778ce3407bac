// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

import io.netty.buffer.ByteBuf;

/**
 * Finds the frames in the bytes that have arrived, in place: it copies nothing and allocates nothing. See {@link Frame} for the layout.
 *
 * <p>A frame's size is checked as soon as its prefix is there, before anyone waits for, or makes room for, the rest.
 * <p>Thread: the owner of the buffer.
 */
public final class FrameDecoder {
    private int frameMax;
    private int type;
    private int channel;
    private int payloadIndex;
    private int payloadLength;

    /** @param frameMax largest frame taken, in bytes, overhead included */
    public FrameDecoder(int frameMax) {
        this.frameMax = frameMax;
    }

    /** Changes the limit, after tuning. */
    public void frameMax(int bytes) {
        this.frameMax = bytes;
    }

    /**
     * Reads past the next whole frame, which the accessors then describe.
     *
     * @return false where it has not arrived as a whole; then nothing is read
     * @throws AmqpException 501 where the frame is too large, its type unknown, or its end octet missing
     */
    public boolean next(ByteBuf in) {
        int at = in.readerIndex();
        int readable = in.readableBytes();
        if (readable < Frame.PREFIX_BYTES) {
            return false;
        }
        type = in.getUnsignedByte(at + Frame.TYPE);
        channel = in.getUnsignedShort(at + Frame.CHANNEL);
        long size = in.getUnsignedInt(at + Frame.SIZE);
        checkType();
        if (size > frameMax - Frame.OVERHEAD_BYTES) {
            throw new AmqpException(ReplyCode.FRAME_ERROR,
                    "frame of " + size + " bytes is larger than the " + (frameMax - Frame.OVERHEAD_BYTES) + " allowed");
        }
        if (readable < size + Frame.OVERHEAD_BYTES) {
            return false;
        }
        payloadIndex = at + Frame.PREFIX_BYTES;
        payloadLength = (int) size;
        int end = in.getUnsignedByte(payloadIndex + payloadLength);
        if (end != Frame.END) {
            throw new AmqpException(ReplyCode.FRAME_ERROR,
                    "type " + type + ": invalid frame end marker " + end + ", expected " + Frame.END);
        }
        in.readerIndex(payloadIndex + payloadLength + 1);
        return true;
    }

    private void checkType() {
        switch (type) {
            case Frame.METHOD, Frame.HEADER, Frame.BODY, Frame.HEARTBEAT -> {
            }
            default -> throw new AmqpException(ReplyCode.FRAME_ERROR, "type " + type + ": unknown frame");
        }
    }

    /** One of the types in {@link Frame}. */
    public int type() {
        return type;
    }

    public int channel() {
        return channel;
    }

    /** Where the payload begins in the buffer. */
    public int payloadIndex() {
        return payloadIndex;
    }

    public int payloadLength() {
        return payloadLength;
    }
}
