// SPDX-License-Identifier: Apache-2.0
package io.relais.server.cli;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Rows of a listing as aligned columns under a heading. */
final class Table {
    private Table() {}

    /** @param rows objects with a value for each column; others are not shown */
    static String render(List<String> columns, JsonNode rows) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(columns);
        for (JsonNode row : rows) {
            lines.add(columns.stream().map(column -> cell(row.get(column))).toList());
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder shown = new StringBuilder();
            for (int i = 0; i < columns.size(); i++) {
                int index = i;
                int width = lines.stream().mapToInt(each -> each.get(index).length()).max().orElse(0);
                shown.append(line.get(i)).repeat(' ', width - line.get(i).length() + 2);
            }
            text.append(shown.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String cell(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return "-";
        }
        String text = value.isValueNode() ? value.asString() : value.toString();
        return text.isEmpty() ? "\"\"" : text;
    }
}
