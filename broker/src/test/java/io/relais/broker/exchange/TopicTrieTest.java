// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

import io.relais.broker.Arguments;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Topic patterns, as RabbitMQ 3.10.8 was seen to match them. */
class TopicTrieTest {
    private final TopicTrie trie = new TopicTrie();

    private static Binding binding(String pattern) {
        Exchange end = Exchange
                .create(new Exchange.Traits("x", Exchange.Type.FANOUT, false, false, false, Arguments.NONE));
        return new Binding(end, end, pattern, Arguments.NONE);
    }

    private static Set<String> matching(TopicTrie trie, String key) {
        List<String> found = new ArrayList<>();
        trie.match(key, binding -> found.add(binding.routingKey()));
        assertThat(found).as("each pattern once").doesNotHaveDuplicates();
        return new TreeSet<>(found);
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({"'','',true", "#,'',true", "*,'',false", "*,a,true", "*.,a.,true", "a.,a.,true", "a,a.,false",
            "a.*,a.,true", "a.#,a,true", "#.a,a,true", "*.*,.,true", "#.#,'',true", "*,*,true", "*,#,true",
            "a.*.b,a..b,true", "#,.,true", "a#,a#,true", "a*,ab,false", ".,.,true", "..,..,true", "a.b.c,a.b.c,true",
            "a.*.c,a.b.c,true", "a.#.c,a.c,true", "a.#.c,a.b.b.c,true", "a.#.c,a.b.b,false", "*.#,'',false",
            "#.*,a.b,true", "#.b.#,a.b.c.d,true", "a.b,a.b.c,false", "A,a,false"})
    void matchesWhatRabbitMqMatches(String pattern, String key, boolean matches) {
        trie.add(binding(pattern));

        assertThat(matching(trie, key)).hasSize(matches ? 1 : 0);
    }

    @Test
    void nothingIsLeftOfRemovedPatterns() {
        List<Binding> bindings = List.of(binding("a.*.c"), binding("a.#"), binding(""), binding("a.*"));
        bindings.forEach(trie::add);

        bindings.forEach(trie::remove);

        assertThat(trie.isEmpty()).isTrue();
    }

    @Test
    void aPatternOfManyHashesCostsNoMoreThanItsWordsTimesTheKeys() {
        String pattern = "#.a.".repeat(50) + "#";
        trie.add(binding(pattern));

        assertThat(matching(trie, "a.".repeat(49) + "b")).isEmpty();
        assertThat(matching(trie, "a.".repeat(80) + "b")).containsExactly(pattern);
    }

    /** Random patterns and keys over few words, so that they meet, against the definition itself. */
    @RepeatedTest(50)
    void agreesWithTheDefinition() {
        long seed = Long.getLong("seed", RandomGenerator.getDefault().nextLong());
        Random random = new Random(seed);
        Set<Binding> bindings = new HashSet<>();
        Set<String> patterns = new HashSet<>();
        for (int round = 0; round < 60; round++) {
            Binding binding = binding(random(random, List.of("a", "b", "", "*", "#")));
            if (patterns.add(binding.routingKey())) {
                bindings.add(binding);
                trie.add(binding);
            }
            if (random.nextInt(3) == 0) {
                Binding gone = bindings.iterator().next();
                bindings.remove(gone);
                patterns.remove(gone.routingKey());
                trie.remove(gone);
            }
            String key = random(random, List.of("a", "b", ""));
            Set<String> expected = new TreeSet<>();
            for (String pattern : patterns) {
                if (fits(TopicWords.split(pattern), TopicWords.split(key))) {
                    expected.add(pattern);
                }
            }
            assertThat(matching(trie, key)).as("key '%s', -Dseed=%d", key, seed).isEqualTo(expected);
        }
        bindings.forEach(trie::remove);
        assertThat(trie.isEmpty()).as("-Dseed=%d", seed).isTrue();
    }

    private static String random(Random random, List<String> words) {
        List<String> chosen = new ArrayList<>();
        for (int count = random.nextInt(6); count > 0; count--) {
            chosen.add(words.get(random.nextInt(words.size())));
        }
        return String.join(".", chosen);
    }

    private static boolean fits(List<String> pattern, List<String> key) {
        if (pattern.isEmpty()) {
            return key.isEmpty();
        }
        List<String> rest = pattern.subList(1, pattern.size());
        if (pattern.getFirst().equals("#")) {
            return fits(rest, key) || (!key.isEmpty() && fits(pattern, key.subList(1, key.size())));
        }
        return !key.isEmpty() && (pattern.getFirst().equals("*") || pattern.getFirst().equals(key.getFirst()))
                && fits(rest, key.subList(1, key.size()));
    }
}
