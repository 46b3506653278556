#!/usr/bin/env python3
"""The SQL of an operation: as the server sends it (KIND.txt), and as pgbench plays it (KIND.sql).

statements.py check KIND   KIND.sql has the statements of KIND.txt, each as often; else exit 1
statements.py expand KIND  prints KIND.sql for pgbench, its ids and instants written out

KIND.txt is what pg_stat_statements says: how often a request runs a statement, a tab, the statement
with $1, $2 … for values and constants. In KIND.sql a value is `:name`; pgbench has no values but
numbers and words, so a name that MACROS holds stands for an expression over them, which costs
PostgreSQL about a microsecond.
"""

import collections
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).parent / "sql"


def identifier(kind, ms, number):
    """An id as src/demo/bulk/frame.sql makes it."""
    return (
        f"(lpad(to_hex({ms}::bigint), 12, '0') || '7{kind}8' || lpad(to_hex(:city::int), 5, '0')"
        f" || {number}::text)::uuid"
    )


def fresh(kind):
    """An id of something new: later ones are greater, as those of the server."""
    return f"(lpad(to_hex(:clock::bigint), 12, '0') || '7{kind}8' || :salt::text)::uuid"


MACROS = {
    "issue_id": identifier("00b", ":ms", ":number"),
    "reporter_id": identifier("00a", ":ms", ":number"),
    "issue_at": "to_timestamp(:ms / 1000.0)",
    "now": "to_timestamp(:clock / 1000.0)",
    "assignment_id": fresh("00c"),
    "assignment_entry_id": fresh("010"),
    "issue_entry_id": fresh("011"),
    "notice_id": fresh("012"),
    "unsigned_timer_id": fresh("013"),
    "yellow_timer_id": fresh("014"),
    "overdue_timer_id": fresh("015"),
    "idempotency_key": "('bench-' || :clock::text || :salt::text)",
    "nothing": "NULL",
    # Else it would be taken for a range.
    "today": ":day::date",
}


def plain(statement):
    """Values and constants as `?`, white space as one blank."""
    statement = re.sub(r"--[^\n]*", " ", statement)
    statement = re.sub(r"(?<!:):[a-z_]\w*|\$\d+|'[^']*'|\b\d+(\.\d+)?\b", "?", statement)
    return " ".join(statement.split())


def statements(script):
    """The statements of a pgbench script."""
    lines = [line for line in script.splitlines() if not line.startswith("\\")]
    text = re.sub(r"--[^\n]*", " ", "\n".join(lines))
    return [part for part in (part.strip() for part in text.split(";")) if part]


def check(kind):
    sent = collections.Counter()
    for line in (FOLDER / f"{kind}.txt").read_text().splitlines():
        calls, statement = line.split("\t", 1)
        sent[plain(statement)] += int(calls)
    played = collections.Counter(
        plain(one) for one in statements((FOLDER / f"{kind}.sql").read_text())
    )
    wrong = False
    for statement in sorted(sent | played):
        if sent[statement] != played[statement]:
            wrong = True
            print(
                f"bench/sql/{kind}.sql plays {played[statement]} times what a request sends"
                f" {sent[statement]} times: {statement}",
                file=sys.stderr,
            )
    sys.exit(1 if wrong else 0)


def expand(kind):
    def written_out(match):
        # A column that stays as it is: the server sends what it read.
        if match[1].startswith("own_"):
            return f'"issues"."{match[1][4:]}"'
        return MACROS.get(match[1], match[0])

    for line in (FOLDER / f"{kind}.sql").read_text().splitlines():
        if not line.startswith("\\"):
            line = re.sub(r"(?<!:):([a-z_]+)\b", written_out, line)
        print(line)


if __name__ == "__main__":
    {"check": check, "expand": expand}[sys.argv[1]](sys.argv[2])
