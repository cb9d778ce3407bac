// SPDX-License-Identifier: Apache-2.0
package io.relais.kafka.share;

import java.util.List;

/**
 * What a member says about records it has.
 *
 * @param types one for all records, or one for each
 */
record Acknowledgement(long firstOffset, long lastOffset, List<Byte> types) {

    /** There is no record at this offset: compaction took it, or it is a control record. */
    static final byte GAP = 0;
    static final byte ACCEPT = 1;
    static final byte RELEASE = 2;
    static final byte REJECT = 3;
    /** KIP-1222: the member needs more time. */
    static final byte RENEW = 4;

    byte type(long offset) {
        return types.size() == 1 ? types.get(0) : types.get((int) (offset - firstOffset));
    }

    /** The last offset that has the same type as {@code offset} and all between. */
    long endOfRun(long offset) {
        if (types.size() == 1) {
            return lastOffset;
        }
        long last = offset;
        while (last < lastOffset && type(last + 1) == type(offset)) {
            last++;
        }
        return last;
    }

    boolean contains(byte type) {
        return types.contains(type);
    }

    /**
     * Whether the acknowledgements of one partition are well-formed: ranges in order, one type or one per record, types that the version of the request knows.
     *
     * @param renewing whether the request says that it renews: version 2 on
     */
    static boolean areValid(List<Acknowledgement> all, boolean renewing) {
        long before = -1;
        for (Acknowledgement each : all) {
            if (each.firstOffset <= before || each.lastOffset < each.firstOffset || each.types.isEmpty()
                    || (each.types.size() > 1 && each.types.size() - 1 != each.lastOffset - each.firstOffset)) {
                return false;
            }
            for (byte type : each.types) {
                if (type < GAP || type > (renewing ? RENEW : REJECT)) {
                    return false;
                }
            }
            before = each.lastOffset;
        }
        return true;
    }
}
