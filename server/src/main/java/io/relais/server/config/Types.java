// SPDX-License-Identifier: Apache-2.0
package io.relais.server.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.relais.server.listen.Listen;

/** The kinds of value that need no more than a line or two. */
final class Types {
    private Types() {}

    /** A whole number. */
    record Count(int min, int max) implements ValueType<Integer> {
        @Override
        public Integer parse(String text) {
            int value = Integer.parseInt(text);
            if (value < min || value > max) {
                throw new IllegalArgumentException("out of range");
            }
            return value;
        }

        @Override
        public String expectation() {
            return "a number from " + min + " to " + max;
        }
    }

    /** A number that may also be left to the program, which 0 stands for. */
    record CountOrAuto(int max) implements ValueType<Integer> {
        @Override
        public Integer parse(String text) {
            return text.equals("auto") ? 0 : new Count(1, max).parse(text);
        }

        @Override
        public String expectation() {
            return "auto or a number from 1 to " + max;
        }
    }

    /** A share of something, in percent. */
    record Percent(int min, int max) implements ValueType<Integer> {
        @Override
        public Integer parse(String text) {
            if (!text.endsWith("%")) {
                throw new IllegalArgumentException("no unit");
            }
            return new Count(min, max).parse(text.substring(0, text.length() - 1).strip());
        }

        @Override
        public String expectation() {
            return "a share from " + min + "% to " + max + "%";
        }
    }

    /** Yes or no. */
    record Switch() implements ValueType<Boolean> {
        @Override
        public Boolean parse(String text) {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("neither true nor false");
            };
        }

        @Override
        public String expectation() {
            return "true or false";
        }
    }

    /** One of a few words, which are the names of an enum's constants in lower case. */
    record Choice<E extends Enum<E>>(Class<E> type) implements ValueType<E> {
        @Override
        public E parse(String text) {
            for (E constant : type.getEnumConstants()) {
                if (word(constant).equals(text)) {
                    return constant;
                }
            }
            throw new IllegalArgumentException("no such choice");
        }

        @Override
        public String expectation() {
            return "one of "
                    + Arrays.stream(type.getEnumConstants()).map(Choice::word).collect(Collectors.joining(", "));
        }

        private static String word(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
    }

    /** Names, separated by commas. The word {@code none} is the empty list. */
    record Names() implements ValueType<List<String>> {
        @Override
        public List<String> parse(String text) {
            if (text.equals("none")) {
                return List.of();
            }
            List<String> names = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
            if (names.contains("")) {
                throw new IllegalArgumentException("an empty name");
            }
            return names;
        }

        @Override
        public String expectation() {
            return "a list of names separated by commas, or none";
        }
    }

    /** Properties {@code name=value}, separated by semicolons. The word {@code none} is no property. */
    record Properties() implements ValueType<Map<String, String>> {
        @Override
        public Map<String, String> parse(String text) {
            Map<String, String> values = new TreeMap<>();
            for (String each : text.equals("none") ? new String[0] : text.split(";", -1)) {
                int equals = each.indexOf('=');
                if (equals < 1
                        || values.put(each.substring(0, equals).strip(), each.substring(equals + 1).strip()) != null) {
                    throw new IllegalArgumentException("'" + each.strip() + "' is not name=value, or is there twice");
                }
            }
            return Collections.unmodifiableMap(values);
        }

        @Override
        public String expectation() {
            return "a list of name=value separated by semicolons, or none";
        }
    }

    /** Listeners of the Kafka protocol, separated by commas. The word {@code none} is the empty list. */
    record KafkaEndpoints() implements ValueType<List<KafkaEndpoint>> {
        @Override
        public List<KafkaEndpoint> parse(String text) {
            return text.equals("none")
                    ? List.of()
                    : Arrays.stream(text.split(",", -1)).map(String::strip).map(KafkaEndpoint::parse).toList();
        }

        @Override
        public String expectation() {
            return "a list of PROTOCOL://HOST:PORT separated by commas (PLAINTEXT, SASL_PLAINTEXT, SSL, SASL_SSL), or none";
        }
    }

    /** A file. The word {@code none} is none. */
    record OptionalFile() implements ValueType<Optional<Path>> {
        @Override
        public Optional<Path> parse(String text) {
            if (text.isBlank()) {
                throw new IllegalArgumentException("empty");
            }
            return text.equals("none") ? Optional.empty() : Optional.of(Path.of(text));
        }

        @Override
        public String expectation() {
            return "a file, or none";
        }
    }

    /** Where clients are told to connect. The word {@code none} is none. */
    record OptionalAddress() implements ValueType<Optional<Listen.At>> {
        @Override
        public Optional<Listen.At> parse(String text) {
            if (text.equals("none")) {
                return Optional.empty();
            }
            if (Listen.parse(text) instanceof Listen.At at) {
                return Optional.of(at);
            }
            throw new IllegalArgumentException("no address");
        }

        @Override
        public String expectation() {
            return "HOST:PORT, or none";
        }
    }

    /** A folder. */
    record Folder() implements ValueType<Path> {
        @Override
        public Path parse(String text) {
            if (text.isBlank()) {
                throw new IllegalArgumentException("empty");
            }
            return Path.of(text);
        }

        @Override
        public String expectation() {
            return "a folder";
        }
    }

    /** Where a front end listens. */
    record Address() implements ValueType<Listen> {
        @Override
        public Listen parse(String text) {
            return Listen.parse(text);
        }

        @Override
        public String expectation() {
            return "HOST:PORT (port 0 lets the system choose), or off";
        }
    }
}
