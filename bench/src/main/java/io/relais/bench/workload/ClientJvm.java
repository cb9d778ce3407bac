// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.workload;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The JVM that load tools run in: this one's, with the same options for every broker.
 *
 * @param perfTest folder with PerfTest's jars
 */
public record ClientJvm(Path perfTest) {
    private static final List<String> OPTIONS = List.of("-Xmx1g");

    List<String> perfTest(List<String> arguments) {
        return command(perfTest.resolve("*").toString(), "com.rabbitmq.perf.PerfTest", arguments);
    }

    List<String> own(Class<?> program, List<String> arguments) {
        return command(System.getProperty("java.class.path"), program.getName(), arguments);
    }

    private static List<String> command(String classPath, String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", classPath, program));
        command.addAll(arguments);
        return command;
    }
}
