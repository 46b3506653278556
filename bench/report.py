#!/usr/bin/env python3
"""Makes the tables: report.py (bench|scale|imports|chain) NOTES, where NOTES holds a JSON object a line.

Prints the table and writes bench/results/latest.{json,md}, scale, imports or chain alike.
"""

import collections
import json
import pathlib
import statistics
import sys

RESULTS = pathlib.Path(__file__).parent / "results"
# (floor, aim) of the ratio to pgbench in the same run.
GOALS = {"get": (0.70, 1.0), "list": (0.50, 0.8), "write": (0.65, 0.9)}


def read(path):
    notes = collections.defaultdict(list)
    for line in pathlib.Path(path).read_text().splitlines():
        note = json.loads(line)
        notes[note["name"]].append(note["value"])
    for name, values in notes.items():
        for value in values:
            if isinstance(value, dict) and (value.get("refused") or value.get("broken")):
                sys.exit(f"a run of {name} does not count, requests failed: {value}")
    return notes


def median(runs, key):
    return statistics.median(run[key] for run in runs)


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def machine(notes):
    one = {name: notes[name][-1] for name in ("date", "commit", "cpu", "postgres", "wrk", "load")}
    settings = notes["settings"][-1]
    text = (
        f"{one['date']}, commit {one['commit']}, {one['cpu']}, PostgreSQL {one['postgres']}, wrk"
        f" {one['wrk']}, load average at the end {one['load']}. "
    )
    return {**one, "settings": settings}, text


def bench(notes):
    about, text = machine(notes)
    results, rows = {}, []
    for kind, (floor, aim) in GOALS.items():
        http, tps = notes[f"{kind}.http"], statistics.median(notes[f"{kind}.pgbench"])
        one = {key: median(http, key) for key in ("rps", "p50_ms", "p99_ms")}
        one |= {"pgbench": tps, "ratio": round(one["rps"] / tps, 3), "floor": floor, "aim": aim}
        one["runs"] = [run["rps"] for run in http]
        one["pgbench_runs"] = notes[f"{kind}.pgbench"]
        results[kind] = one
        verdict = "aim" if one["ratio"] >= aim else "floor" if one["ratio"] >= floor else "below"
        rows.append(
            [kind, f"{one['rps']:.0f}", f"{one['p50_ms']:.2f}", f"{one['p99_ms']:.2f}", f"{tps:.0f}",
             f"{one['ratio']:.2f}", floor, aim, verdict]
        )
    alone, many = notes["write.one"][-1]["rps"], results["write"]["rps"]
    pgbench_alone = notes["write.pgbench_one"][-1]
    pgbench_scale = results["write"]["pgbench"] / pgbench_alone
    standin, waits = notes["standin"][-1], notes["write.waits"][-1]
    busy = notes["write.busy"][-1]
    extra = {
        "write_at_one_connection": alone,
        "write_many_to_one": round(many / alone, 2),
        "pgbench_write_at_one_client": pgbench_alone,
        "pgbench_write_many_to_one": round(pgbench_scale, 2),
        "standin_at_one_client": notes["standin"][-1][0],
        "standin_at_32_clients": notes["standin"][-1][1],
        "write_sessions_seen": notes["write.waits"][-1],
        "write_processors_busy": notes["write.busy"][-1],
        "peak_mb": notes["peak_mb"][-1],
        "peak_mb_at_256_connections": notes["peak_many_mb"][-1],
        "get_at_256_connections": notes["get.many"][-1],
        "write_at_256_connections": notes["write.many"][-1],
        "ready_ms": notes["ready_again_ms"][-1],
    }
    s = about["settings"]
    text += (
        f"A city of {s['issues']} issues, {s['connections']} connections, medians of {s['runs']} runs of"
        f" {s['seconds']} s (write {s['write_seconds']} s). pgbench: prepared, 32 clients, 2 threads."
    )
    head = ["operation", "requests/s", "p50 ms", "p99 ms", "pgbench/s", "ratio", "floor", "aim", "reached"]
    more = [
        ["write, 1 connection", f"{alone:.0f}/s", ""],
        [f"write, {s['connections']} connections ÷ 1", f"{many / alone:.1f}", "at least 4"],
        ["processors at work, 1 connection writing", f"{busy[0]:.2f}",
         "others' work too; more connections gain what is idle"],
        [f"processors at work, {s['connections']} connections writing", f"{busy[1]:.2f}", ""],
        ["pgbench's write, 32 clients ÷ 1", f"{pgbench_scale:.1f}", "for comparison"],
        ["the stand-in's write, pgbench, 32 clients ÷ 1", f"{standin[1] / standin[0]:.1f}",
         "for comparison: what the machine gives"],
        ["the stand-in's write, pgbench, 32 clients", f"{standin[1]:.0f}/s",
         "for comparison: 5800 on a quiet two-core machine"],
        ["sessions at work that waited for another's lock, 32 connections writing",
         f"{waits['waiting_for_a_lock']} of {waits['sessions']}", "none"],
        ["peak memory", f"{extra['peak_mb']} MB", ""],
        ["peak memory, 256 connections", f"{extra['peak_mb_at_256_connections']} MB", "at most 120, aim 60"],
        ["get, 256 connections", f"{extra['get_at_256_connections']['rps']:.0f}/s", ""],
        ["ready after", f"{extra['ready_ms']} ms", "at most 1000"],
    ]
    page = f"# make bench\n\n{text}\n\n{table(head, rows)}\n\n{table(['', 'measured', 'goal'], more)}\n"
    return {**about, "operations": results, **extra}, page


def scale(notes):
    about, text = machine(notes)
    sizes = about["settings"]["sizes"]
    results, rows = {}, []
    for kind in ("get", "list"):
        for size in sizes:
            runs, first = notes[f"{kind}.{size}"], notes[f"{kind}.{sizes[0]}"]
            one = {key: median(runs, key) for key in ("rps", "p50_ms", "p99_ms")}
            one["p50_ratio"] = round(one["p50_ms"] / median(first, "p50_ms"), 2)
            one["p99_ratio"] = round(one["p99_ms"] / median(first, "p99_ms"), 2)
            results[f"{kind}.{size}"] = one
            rows.append([kind, size, f"{one['rps']:.0f}", f"{one['p50_ms']:.2f}", one["p50_ratio"],
                         f"{one['p99_ms']:.2f}", one["p99_ratio"]])
    head = ["operation", "issues", "requests/s", "p50 ms", f"÷ at {sizes[0]}", "p99 ms", f"÷ at {sizes[0]}"]
    text += f"{about['settings']['connections']} connections; p99 at the largest may be 1.25 times the first."
    return {**about, "sizes": results}, f"# make bench-scale\n\n{text}\n\n{table(head, rows)}\n"


def imports(notes):
    about, text = machine(notes)
    results, rows = {}, []
    for name in (name for name in notes if name.startswith("import.")):
        one = notes[name][-1]
        if one["state"] != "done":
            sys.exit(f"{name} does not count: {one}")
        results[name.removeprefix("import.")] = one
        each = one["seconds"] / one["rows"] * 1000
        rows.append([name.removeprefix("import."), one["rows"], f"{one['seconds']:.1f}", f"{each:.2f}"])
    peak = notes["memory"][-1]
    text += f"One file after another by one server, which held {peak} MB at most."
    head = ["file", "rows", "seconds", "ms a row"]
    return {**about, "imports": results, "peak_mb": peak}, f"# make bench-imports\n\n{text}\n\n{table(head, rows)}\n"


def chain(notes):
    about, text = machine(notes)
    results, rows = {}, []
    for kind in (name.removesuffix(".0") for name in notes if name.endswith(".0")):
        alone, among = notes[f"{kind}.0"], notes[f"{kind}.1"]
        one = {key: [median(alone, key), median(among, key)] for key in ("p50_ms", "p99_ms")}
        ratio = round(one["p50_ms"][1] / one["p50_ms"][0], 2)
        results[kind] = {**one, "p50_ratio": ratio}
        rows.append([kind, *(f"{ms:.2f}" for ms in one["p50_ms"]), ratio, *(f"{ms:.2f}" for ms in one["p99_ms"])])
    held, loaded, s = notes["rows"][-1], notes["loaded"][-1], about["settings"]
    text += (
        f"Medians of {s['runs']} runs of {s['seconds']} s, {s['connections']} connection(s). All: {held['cities']} cities,"
        f" {held['members']} members, {held['contacts']} contacts with {held['links']} links, {held['gigabytes']} GB,"
        f" loaded in {loaded[1]} s."
    )
    head = ["what", "alone, p50 ms", "among all", "ratio", "alone, p99 ms", "among all"]
    return {**about, "operations": results, "rows": held, "loaded_seconds": loaded}, (
        f"# make bench-chain\n\n{text}\n\n{table(head, rows)}\n")


KINDS = {"bench": (bench, "latest"), "scale": (scale, "scale"), "imports": (imports, "imports"),
         "chain": (chain, "chain")}

if __name__ == "__main__":
    make, file = KINDS[sys.argv[1]]
    result, page = make(read(sys.argv[2]))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{file}.json").write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    (RESULTS / f"{file}.md").write_text(page)
    print(page)
