// SPDX-License-Identifier: Apache-2.0
package io.relais.broker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.relais.broker.security.Permission.Access;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionTest {

    @ParameterizedTest(name = "\"{0}\" and {1}: {2}")
    @CsvSource({"'',a,false", "'','',true", ".*,anything,true", "b,abc,true", "^b,abc,false", "^a$,a,true",
            "^(amq\\.gen.*|amq\\.default)$,amq.gen-x,true", "^(amq\\.gen.*|amq\\.default)$,amq.direct,false",
            "^$,a,false", "a|b,xbx,true"})
    void anExpressionAllowsWhatItMatchesAnywhere(String expression, String name, boolean allowed) {
        Permission permission = Permission.of("^none$", expression, "^none$");

        assertThat(permission.allows(Access.WRITE, name)).isEqualTo(allowed);
        assertThat(permission.allows(Access.READ, name)).isFalse();
    }

    @Test
    void anExpressionThatOtherEnginesChokeOnTakesLinearTime() {
        Permission permission = Permission.of("", "(a*)*$b|^(a+)+$", "");

        assertThat(permission.allows(Access.WRITE, "a".repeat(250) + "!")).isFalse();
    }

    @Test
    void aWrongExpressionIsNamed() {
        assertThatThrownBy(() -> Permission.of("", "(", "")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'('");
        assertThatThrownBy(() -> Permission.of("(?=a)b", "", "")).hasMessageContaining("no look-around");
    }
}
