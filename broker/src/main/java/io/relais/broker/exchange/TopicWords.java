// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import java.util.ArrayList;
import java.util.List;

/** Splits topic keys as RabbitMQ does: dots separate words, a word may be empty, and the empty key has no words at all. */
final class TopicWords {
    static final String ONE = "*";
    static final String ANY = "#";

    private TopicWords() {}

    static List<String> split(String key) {
        List<String> words = new ArrayList<>();
        if (key.isEmpty()) {
            return words;
        }
        int from = 0;
        for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', from)) {
            words.add(key.substring(from, dot));
            from = dot + 1;
        }
        words.add(key.substring(from));
        return words;
    }
}
