// SPDX-License-Identifier: Apache-2.0
package io.relais.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All runs as one Markdown table: a row per workload and figure, a column per broker, then ratio and goal.
 *
 * <p>Each cell is the median, with least and greatest where there are several. A disturbed run is left out where an undisturbed one exists, and said so.
 */
public final class Table {
    private static final String OURS = "relais";

    private final List<Run> runs;

    public Table(List<Run> runs) {
        this.runs = List.copyOf(runs);
    }

    /** Markdown, ends with a line break. */
    public String markdown() {
        List<String> brokers = runs.stream().map(Run::broker).distinct().toList();
        Optional<String> peer = brokers.contains(OURS)
                ? brokers.stream().filter(name -> !name.equals(OURS)).findFirst()
                : Optional.empty();
        StringBuilder out = new StringBuilder();
        List<String> head = new ArrayList<>(List.of("workload", "figure"));
        head.addAll(brokers);
        peer.ifPresent(name -> head.add(OURS + " / " + name));
        if (brokers.contains(OURS)) {
            head.add("goal");
        }
        row(out, head);
        row(out, head.stream().map(_ -> "---").toList());
        for (String workload : runs.stream().map(Run::workload).distinct().toList()) {
            for (Figure figure : figures(workload)) {
                row(out, cells(workload, figure, brokers, peer));
            }
        }
        notes(out);
        return out.toString();
    }

    private Set<Figure> figures(String workload) {
        Set<Figure> figures = new TreeSet<>();
        runs.stream().filter(run -> run.workload().equals(workload))
                .forEach(run -> figures.addAll(run.measured().figures().keySet()));
        return figures;
    }

    private List<String> cells(String workload, Figure figure, List<String> brokers, Optional<String> peer) {
        List<String> cells = new ArrayList<>(List.of(workload, figure.title()));
        brokers.forEach(broker -> cells.add(spread(workload, figure, broker).map(Spread::toString).orElse("–")));
        Optional<Spread> ours = spread(workload, figure, OURS);
        Optional<Spread> theirs = peer.flatMap(name -> spread(workload, figure, name));
        peer.ifPresent(_ -> cells.add(ratio(ours, theirs)));
        if (brokers.contains(OURS)) {
            cells.add(Goal.of(workload, figure).map(goal -> verdict(goal, ours, theirs)).orElse(""));
        }
        return cells;
    }

    private static String ratio(Optional<Spread> ours, Optional<Spread> theirs) {
        if (ours.isEmpty() || theirs.isEmpty() || theirs.get().median() == 0) {
            return "–";
        }
        double ratio = ours.get().median() / theirs.get().median();
        return ratio >= 1 || ratio <= 0
                ? Spread.number(ratio)
                : Spread.number(ratio) + " (1/" + Spread.number(1 / ratio) + ")";
    }

    private static String verdict(Goal goal, Optional<Spread> ours, Optional<Spread> theirs) {
        return goal.text() + goal.reached(ours, theirs).map(reached -> reached ? " reached" : " **missed**").orElse("");
    }

    private Optional<Spread> spread(String workload, Figure figure, String broker) {
        List<Run> all = runs.stream().filter(run -> run.workload().equals(workload) && run.broker().equals(broker))
                .toList();
        List<Run> calm = all.stream().filter(run -> !run.measured().disturbed()).toList();
        double[] values = (calm.isEmpty() ? all : calm).stream().map(run -> run.measured().figures().get(figure))
                .filter(Objects::nonNull).mapToDouble(Double::doubleValue).toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
    }

    private void notes(StringBuilder out) {
        List<String> disturbed = runs.stream().filter(run -> run.measured().disturbed())
                .map(run -> run.workload() + " " + run.broker() + " #" + run.repetition()).distinct().toList();
        if (!disturbed.isEmpty()) {
            out.append(
                    "\nDisturbed by other programs (more than a quarter of a core), left out where an undisturbed repetition exists: ")
                    .append(String.join(", ", disturbed)).append(".\n");
        }
    }

    private static void row(StringBuilder out, List<String> cells) {
        out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
