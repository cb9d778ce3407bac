// SPDX-License-Identifier: Apache-2.0
package io.relais.it.kafka.crash;

/**
 * What a record says of itself.
 *
 * @param producer who wrote it
 * @param unit     what it belongs to: a transaction, or a record on its own; counts up per producer
 * @param index    its place in its unit, from 0
 * @param count    how many records the unit has
 */
record Mark(int producer, long unit, int index, int count) {

    /** The beginning of the record's value, up to and with the bar. */
    String text() {
        return producer + ":" + unit + ":" + index + ":" + count + "|";
    }

    static Mark read(String value) {
        String[] parts = value.substring(0, value.indexOf('|')).split(":", -1);
        return new Mark(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]));
    }
}
