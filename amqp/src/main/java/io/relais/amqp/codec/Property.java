// SPDX-License-Identifier: Apache-2.0
package io.relais.amqp.codec;

/** The basic properties, in the order they have on the wire (AMQP 0-9-1 1.8.1). The first has the highest bit of the property flags. */
enum Property {
    CONTENT_TYPE(15, Kind.SHORT_STRING), CONTENT_ENCODING(14, Kind.SHORT_STRING), HEADERS(13,
            Kind.TABLE), DELIVERY_MODE(12, Kind.OCTET), PRIORITY(11, Kind.OCTET), CORRELATION_ID(10,
                    Kind.SHORT_STRING), REPLY_TO(9, Kind.SHORT_STRING), EXPIRATION(8, Kind.SHORT_STRING), MESSAGE_ID(7,
                            Kind.SHORT_STRING), TIMESTAMP(6, Kind.TIMESTAMP), TYPE(5, Kind.SHORT_STRING), USER_ID(4,
                                    Kind.SHORT_STRING), APP_ID(3, Kind.SHORT_STRING), CLUSTER_ID(2, Kind.SHORT_STRING);

    /** What a property looks like on the wire. */
    enum Kind {
        SHORT_STRING, OCTET, TIMESTAMP, TABLE
    }

    private static final int HIGHEST_BIT = 15;

    static final int COUNT = values().length;

    /** Bits of the property flags that no property has: a reserved one, and the one that says that more flags follow. */
    static final int UNUSED_FLAGS = 0b11;

    final Kind kind;
    final int flag;

    /** From 0, in the order of the wire. */
    final int position;

    Property(int bit, Kind kind) {
        this.kind = kind;
        this.position = HIGHEST_BIT - bit;
        this.flag = 1 << bit;
    }
}
