// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class KeysTest {
    static final java.util.List<Key<?>> ALL = Keys.ALL;

    @Test
    void everyKeyIsInTheTable() {
        long keys = Arrays.stream(Keys.class.getFields()).map(Field::getType).filter(Key.class::equals).count();

        assertThat(Keys.ALL).hasSize((int) keys).doesNotHaveDuplicates();
        assertThat(Keys.ALL.stream().map(Key::environmentVariable)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void aKeyIsInKebabCaseAndItsDefaultIsValid(Key<?> key) {
        assertThat(key.name()).matches("[a-z]+(-[a-z]+)*(\\.[a-z]+(-[a-z]+)*)*");
        assertThat(key.parse(key.defaultText(), "the default")).isNotNull();
        assertThat(key.description()).endsWith(".");
    }

    @ParameterizedTest
    @CsvSource({"amqp.listen,RELAIS_AMQP_LISTEN", "amqp.frame-max,RELAIS_AMQP_FRAME_MAX", "data,RELAIS_DATA"})
    void everyKeyHasAVariable(String name, String variable) {
        assertThat(Keys.ALL).anySatisfy(key -> {
            assertThat(key.name()).isEqualTo(name);
            assertThat(key.environmentVariable()).isEqualTo(variable);
        });
    }

    @ParameterizedTest
    @CsvSource({"'','',0", "abc,abc,0", "abc,acb,1", "abc,ab,1", "abc,abcd,1", "abc,xbc,1", "kitten,sitting,3"})
    void nearnessCountsInsertedDroppedReplacedAndSwappedLetters(String a, String b, int edits) {
        assertThat(Nearest.edits(a, b)).isEqualTo(edits);
        assertThat(Nearest.edits(b, a)).isEqualTo(edits);
    }
}
