// SPDX-License-Identifier: Apache-2.0
package io.relais.broker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The headers CC and BCC, which name further routing keys (RabbitMQ: "Sender-selected Distribution"). */
final class CarbonCopies {
    private static final String CC = "CC";
    private static final String BCC = "BCC";

    private CarbonCopies() {}

    /** Whether raw properties may hold one of the two: cheaper than decoding the headers of every message. Both names contain two letters C in a row, which stand as they are in any format. */
    static boolean mayBeIn(ByteBuf properties) {
        int end = properties.writerIndex();
        for (int i = properties.readerIndex(); i + 1 < end; i++) {
            if (properties.getByte(i + 1) != 'C') {
                i++;
            } else if (properties.getByte(i) == 'C') {
                return true;
            }
        }
        return false;
    }

    static boolean areIn(Map<String, @Nullable Object> headers) {
        return headers.containsKey(CC) || headers.containsKey(BCC);
    }

    static boolean hasHidden(Map<String, @Nullable Object> headers) {
        return headers.containsKey(BCC);
    }

    /** The headers that consumers see. */
    static Map<String, @Nullable Object> visible(Map<String, @Nullable Object> headers) {
        Map<String, @Nullable Object> visible = new LinkedHashMap<>(headers);
        visible.remove(BCC);
        return visible;
    }

    /** What is wrong with the two headers; null where nothing is. */
    static @Nullable Refusal problem(Map<String, @Nullable Object> headers) {
        for (String name : List.of(CC, BCC)) {
            if (headers.containsKey(name) && !(headers.get(name) instanceof List<?>)) {
                return new Refusal.PreconditionFailed("invalid message: {unacceptable_type_in_header,\"" + name
                        + "\"," + FieldValues.typeName(headers.get(name)) + "}");
            }
        }
        return null;
    }

    /** All routing keys of a message. */
    static List<String> routingKeys(String routingKey, Map<String, @Nullable Object> headers) {
        List<String> keys = new ArrayList<>();
        keys.add(routingKey);
        add(headers.get(CC), keys);
        add(headers.get(BCC), keys);
        return keys;
    }

    private static void add(@Nullable Object copies, List<String> keys) {
        if (copies instanceof List<?> list) {
            for (Object copy : list) {
                if (copy instanceof String key) {
                    keys.add(key);
                }
            }
        }
    }
}
