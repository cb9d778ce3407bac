// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.wire;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.requests.RequestHeader;

/** Frames of responses: length i32, response header, message. */
final class ResponseEncoder {
    private ResponseEncoder() {}

    /** What is to be written for one response: buffers, and regions of files. The caller releases them. */
    static List<Object> encode(RequestHeader request, ApiMessage message, ByteBufAllocator allocator) {
        short version = request.apiVersion();
        short headerVersion = request.apiKey().responseHeaderVersion(version);
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(request.correlationId());
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, headerVersion);
        message.addSize(size, cache, version);
        ByteBuf out = allocator.directBuffer(Integer.BYTES + size.sizeExcludingZeroCopy());
        try {
            out.writeInt(size.totalSize());
            ByteBufWritable writable = new ByteBufWritable(out);
            header.write(writable, cache, headerVersion);
            message.write(writable, cache, version);
            return writable.parts();
        } catch (RuntimeException e) {
            out.release();
            throw e;
        }
    }
}
