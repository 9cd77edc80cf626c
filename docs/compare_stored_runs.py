#!/usr/bin/env python3
"""Prints, from the results.json of stored runs, how true and how repeatable their figures are. It measures nothing.

    docs/compare_stored_runs.py missing .bakeoff/runs/latest/results.json
    docs/compare_stored_runs.py with-hand .bakeoff/runs/latest/results.json hand-before.json hand-after.json
    docs/compare_stored_runs.py in-pairs A1/results.json A2/results.json B1/results.json B2/results.json ...

`missing` lists every value that a run could not give, by its reason. `with-hand` holds a run against the results of
docs/drive_by_hand.py. `in-pairs` takes runs of one brief, two and two, and holds each against its partner: the same answer, and each
contender's figure as a ratio to the field's geometric mean of its run. Each prints markdown and exits with 1 where a bound is missed.
"""

import argparse
import collections
import itertools
import json
import math
import pathlib
import sys

CPU, P50, P99 = "cpu_us_per_request", "latency_ms_p50", "latency_ms_p99"
AFTER_REST = "after_rest_ratio"
FIFTH = math.log(1.2)

# Reasons that say nothing of the contender or the machine: its turn or its time did not come.
NO_REASONS = {"no-turn", None, ""}


class Value:
    """A figure and its 95 % interval, on the log scale."""

    def __init__(self, value, low, high):
        self.value, self.low, self.high = value, low, high

    @property
    def log(self):
        return math.log(self.value)

    @property
    def half(self):
        """Half the interval's width on the log scale."""
        return (math.log(self.high) - math.log(self.low)) / 2

    def over(self, other):
        """The ratio of two figures whose errors are independent."""
        ratio, half = self.log - other.log, math.hypot(self.half, other.half)
        return Value(math.exp(ratio), math.exp(ratio - half), math.exp(ratio + half))

    def text(self):
        return f"{self.value:.3g} [{self.low:.3g}, {self.high:.3g}]"


def read(path):
    return json.loads(pathlib.Path(path).read_text())


def value_of(row):
    if row.get("value") and row.get("low") and row.get("high") and row["low"] > 0:
        return Value(row["value"], row["low"], row["high"])
    return None


def figures(results, metric):
    """The figures of a metric by contender."""
    rows = (row for row in results["metrics"] if row["metric"] == metric)
    found = {row["contender"]: value_of(row) for row in rows}
    return {name: value for name, value in found.items() if value}


def table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def missing(arguments):
    results = read(arguments.results)
    kinds = collections.defaultdict(list)
    for row in results["metrics"]:
        if row["value"] is None:
            kinds[row.get("missing_kind")].append(row)
    print(f"run {results['run']}: {len(results['metrics'])} values, {sum(map(len, kinds.values()))} missing\n")
    rows = []
    for kind, of_kind in sorted(kinds.items(), key=lambda item: -len(item[1])):
        metrics = collections.Counter(row["metric"] for row in of_kind)
        named = ", ".join(f"`{metric}` ({count})" for metric, count in metrics.most_common())
        rows.append([kind, len(of_kind), named, of_kind[0]["missing"]])
    table(["reason", "values", "metrics", "one of the sentences"], rows)
    names = [record["name"] for record in results["contenders"] if record["status"] == "measured"]
    rested = figures(results, AFTER_REST)
    print(f"`{AFTER_REST}` has a value for {len(rested)} of {len(names)} measured contenders")
    without = [kind for kind in kinds if kind in NO_REASONS]
    for kind in without:
        print(f"{len(kinds[kind])} values have no reason but `{kind}`")
    return not without and len(rested) == len(names)


def by_hand(documents, name, metric):
    """A figure over several passes by hand: their mean, and a range that holds all of them."""
    passes = [document["contenders"][name][metric] for document in documents if name in document["contenders"]]
    mean = math.exp(sum(math.log(one["value"]) for one in passes) / len(passes))
    return Value(mean, min(one["low"] for one in passes), max(one["high"] for one in passes))


def pairs_table(lab, hand, names, most_outside, title):
    print(f"{title}: ratio of each pair, by bakeoff and by hand\n")
    rows, outside = [], 0
    for one, other in itertools.combinations(names, 2):
        by_lab, by_person = lab[one].over(lab[other]), hand[one].over(hand[other])
        between = by_lab.over(by_person)
        within = abs(between.log) <= FIFTH
        reaches = math.log(between.low) <= FIFTH and math.log(between.high) >= -FIFTH
        outside += not (within or reaches)
        verdict = "within a fifth" if within else "interval reaches it" if reaches else "OUTSIDE"
        rows.append([f"{one} ÷ {other}", by_lab.text(), by_person.text(), f"{between.value:.2f}", verdict])
    table(["pair", "bakeoff", "by hand", "bakeoff ÷ by hand", ""], rows)
    print(f"{outside} of {len(rows)} pairs outside; at most {most_outside} may be\n")
    return outside <= most_outside


def with_hand(arguments):
    results, hand = read(arguments.results), [read(path) for path in arguments.hand]
    rate = hand[0]["rate_rps"]
    lab = figures(results, CPU)
    names = [name for name in lab if all(name in document["contenders"] for document in hand)]
    print(f"run {results['run']}, begun {results['started']}; by hand {', '.join(document['began'] for document in hand)}\n")
    scatter = [found["scatter_of_2_s_pieces"] for document in hand for found in document["contenders"].values()]
    print(f"2 s pieces of one server driven by hand scatter by {sorted(scatter)[len(scatter) // 2] * 100:.0f} % here (median)\n")
    holds = pairs_table(lab, {name: by_hand(hand, name, CPU) for name in names}, names, 2, "CPU time a request")
    p50 = figures(results, P50)
    calm = [name for name in names if name in p50 and lab[name].value * rate / 1e6 < 0.7]
    holds &= pairs_table(p50, {name: by_hand(hand, name, P50) for name in calm}, calm, 2, "p50 of those below 70 % of their processor")
    rows, p99 = [], figures(results, P99)
    for name in names:
        driven = by_hand(hand, name, P99)
        if name not in p99:
            rows.append([name, "missing", driven.text(), ""])
            continue
        within = driven.low / 1.5 <= p99[name].value <= driven.high * 1.5
        holds &= within
        rows.append([name, p99[name].text(), driven.text(), "within a factor of 1.5 of the range" if within else "OUTSIDE"])
    print("p99, in ms; the brackets of the loads by hand are the range of their parts\n")
    table(["contender", "bakeoff", "by hand", ""], rows)
    return holds


def answer(results):
    verdict = results["verdict"]
    both = sorted(name for name in (verdict["choice"], verdict["runner_up"]) if name)
    return verdict["outcome"], verdict["choice"], both


def same_answer(answers):
    """All choose the same contender, or keep it with the same second."""
    chosen = {choice for outcome, choice, _ in answers if outcome == "choose"}
    kept = [both for outcome, _, both in answers if outcome == "keep-both"]
    if any(outcome not in ("choose", "keep-both") for outcome, _, _ in answers) or len(chosen) > 1:
        return False
    same_second = all(both == kept[0] for both in kept)
    return same_second and all(choice in both for choice in chosen for both in kept)


def relative(results, metric, names):
    """Figures as ratios to the geometric mean of the field."""
    found = figures(results, metric)
    mean = math.exp(sum(found[name].log for name in names) / len(names))
    return {name: Value(found[name].value / mean, found[name].low / mean, found[name].high / mean) for name in names}


def in_pairs(arguments):
    runs = [read(path) for path in arguments.results]
    if len(runs) % 2:
        sys.exit("runs come in pairs: name an even number of results.json")
    answers = [answer(run) for run in runs]
    table(
        ["run", "seed", "answer", "choice", "runner-up"],
        [[run["run"], run["seed"], run["verdict"]["outcome"], run["verdict"]["choice"], run["verdict"]["runner_up"]] for run in runs],
    )
    agree = same_answer(answers)
    print("all choose the same, or keep it with the same second\n" if agree else "the answers DIFFER\n")
    apart = compared = 0
    halves = {CPU: [], P50: []}
    rows = []
    for before, after in zip(runs[::2], runs[1::2]):
        for metric in sorted({row["metric"] for row in before["metrics"]}):
            one, other = figures(before, metric), figures(after, metric)
            names = [name for name in one if name in other and one[name].half > 0 and other[name].half > 0]
            if len(names) < 2:
                continue
            one, other = relative(before, metric, names), relative(after, metric, names)
            for name in names:
                compared += 1
                if one[name].low > other[name].high or other[name].low > one[name].high:
                    apart += 1
                    rows.append([before["run"], name, metric, one[name].text(), other[name].text()])
    for run in runs:
        for metric, widths in halves.items():
            widths += [math.exp(value.half) - 1 for value in figures(run, metric).values()]
    print("ratios to the field's geometric mean whose 95 % intervals do not overlap\n")
    table(["pair", "contender", "metric", "first", "second"], rows)
    share = apart / max(compared, 1)
    print(f"{apart} of {compared} ({share * 100:.1f} %); at most 5 % may be\n")
    bounds = {CPU: 0.12 * arguments.scatter / 0.2, P50: 0.20 * arguments.scatter / 0.2}
    medians = {metric: sorted(widths)[len(widths) // 2] for metric, widths in halves.items() if widths}
    table(
        ["metric", "median half-width", "at most here"],
        [[metric, f"{half * 100:.1f} %", f"{bounds[metric] * 100:.0f} %"] for metric, half in medians.items()],
    )
    print(f"(12 % and 20 % where 2 s pieces scatter by a fifth; here they scatter by {arguments.scatter * 100:.0f} %)")
    return agree and share <= 0.05 and all(half <= bounds[metric] for metric, half in medians.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("missing", help="list the values that a run could not give, by reason")
    command.add_argument("results")
    command.set_defaults(run=missing)
    command = commands.add_parser("with-hand", help="hold a run against servers driven by hand")
    command.add_argument("results")
    command.add_argument("hand", nargs="+")
    command.set_defaults(run=with_hand)
    command = commands.add_parser("in-pairs", help="hold runs with different seeds against each other")
    command.add_argument("results", nargs="+")
    command.add_argument("--scatter", type=float, default=0.2, help="how far 2 s pieces of one server scatter here, as a share")
    command.set_defaults(run=in_pairs)
    arguments = parser.parse_args()
    sys.exit(0 if arguments.run(arguments) else 1)


if __name__ == "__main__":
    main()
