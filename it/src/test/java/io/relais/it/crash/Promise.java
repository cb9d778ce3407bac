// SPDX-License-Identifier: Apache-2.0
package io.relais.it.crash;

/**
 * One message in one queue.
 *
 * @param queue     where it was routed
 * @param publisher who published it
 * @param sequence  counts up per publisher
 */
record Promise(String queue, int publisher, long sequence) {

    /** The beginning of the message's body, up to and with the bar. */
    String text() {
        return publisher + ":" + sequence + "|";
    }

    static Promise read(String queue, String body) {
        String id = body.substring(0, body.indexOf('|'));
        int colon = id.indexOf(':');
        return new Promise(queue, Integer.parseInt(id.substring(0, colon)), Long.parseLong(id.substring(colon + 1)));
    }
}
