// SPDX-License-Identifier: Apache-2.0
package io.relais.server.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsTest {
    record User(String name, List<String> tags) {}

    private final Operations operations = new Operations()
            .add("user.list", _ -> List.of(new User("guest", List.of("administrator")), new User("bob", List.of())))
            .add("user.add", arguments -> {
                if (arguments.required("name").equals("guest")) {
                    throw new OperationFailedException("user 'guest' exists already");
                }
                return null;
            }).add("broken", _ -> {
                throw new IllegalStateException("a mistake of ours");
            });

    @Test
    void aResultIsAnyJson() {
        String answer = ask("user.list", Map.of());

        assertThat(answer).isEqualTo("""
                {"result":[{"name":"guest","tags":["administrator"]},{"name":"bob","tags":[]}]}""");
        assertThat(Answer.result(answer).get(0).get("name").asString()).isEqualTo("guest");
    }

    @Test
    void nothingToTellIsNull() {
        assertThat(Answer.result(ask("user.add", Map.of("name", "bob"))).isNull()).isTrue();
    }

    @Test
    void whatCannotBeDoneIsASentence() {
        assertThatThrownBy(() -> Answer.result(ask("user.add", Map.of("name", "guest"))))
                .isInstanceOf(OperationFailedException.class).hasMessage("user 'guest' exists already");
        assertThatThrownBy(() -> Answer.result(ask("user.add", Map.of()))).hasMessage("the argument 'name' is missing");
        assertThatThrownBy(() -> Answer.result(ask("user.fly", Map.of())))
                .hasMessage("the server knows no operation 'user.fly'; is it another version?");
    }

    @Test
    void aMistakeInsideIsToldAndEndsNothing() {
        assertThatThrownBy(() -> Answer.result(ask("broken", Map.of()))).hasMessageContaining("a mistake of ours");
        assertThat(ask("user.list", Map.of())).contains("guest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "{", "[]", "{\"operation\":1}", "null",
            "{\"operation\":\"user.add\",\"arguments\":[]}"})
    void whatIsNoRequestIsRefused(String line) {
        assertThatThrownBy(() -> Answer.result(operations.answer(line))).isInstanceOf(OperationFailedException.class);
    }

    private String ask(String operation, Map<String, String> arguments) {
        return operations.answer(new Request(operation, arguments).line());
    }
}
