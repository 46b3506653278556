#!/usr/bin/env bash
# make bench: times get, list and write over HTTP, beside pgbench with the very same SQL.
# See bench/README.md.
#
#   --accept    write the statements that the server sends into bench/sql/*.txt, instead of failing
#               when they differ
#
#   BENCH_SECONDS, BENCH_WARM_UP, BENCH_RUNS, BENCH_CONNECTIONS    8, 2, 5, 32
#   BENCH_WRITE_SECONDS    5: the write's runs are shorter, for each request uses an issue up
#   BENCH_ISSUES           200000
#   BENCH_KEEP=1           leave the cluster where it is, and say where
#   LIANXIN_BIN            a finished program: nothing is built
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=bench/common.sh
. bench/common.sh

issues=${BENCH_ISSUES:-200000}
write_seconds=${BENCH_WRITE_SECONDS:-5}
calls=100 # of each operation while statements are counted

# ------------------------------------------------------------------------------------ the drift check

# The HTTP calls whose statements are counted, as a file for curl.
some_calls() {
    local kind=$1 line next=""
    while read -r line; do
        [ -z "$next" ] || echo next
        next=yes
        printf 'header = "Authorization: Bearer %s"\noutput = "/dev/null"\n' "$BENCH_TOKEN"
        case $kind in
            get) printf 'url = "%s/v1/issues/%s"\n' "$base_url" "$line" ;;
            list) printf 'url = "%s/v1/issues?state=accepted&limit=20&cursor=%s"\n' "$base_url" "$line" ;;
            write)
                printf 'url = "%s/v1/issues/%s/dispatch"\n' "$base_url" "${line%|*}"
                printf 'header = "Content-Type: application/json"\n'
                printf 'header = "If-Match: \\"%s\\""\nheader = "Idempotency-Key: bench-%s"\n' "${line#*|}" "${line%|*}"
                printf 'data = "{\\"shape\\": \\"sole\\", \\"assignments\\": [{\\"department_id\\": \\"%s\\"}]}"\n' "$BENCH_DEPARTMENT"
                ;;
        esac
    done <"$BENCH_FILE"
}

# The workers of the server follow what is written; while somebody holds the head of the feed they
# wait, so that their statements are not counted as the request's.
hold_feed() {
    sql -c "SET application_name = 'bench-hold'; BEGIN; SELECT FROM feed_heads FOR UPDATE; SELECT pg_sleep(600)" \
        >/dev/null 2>&1 &
    holder=$!
    sleep 0.5
}

release_feed() {
    sql -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bench-hold'" >/dev/null
    wait "$holder" 2>/dev/null || true
}

# The statistics are the whole cluster's; their view stands in the database `postgres`.
counted() { "$bin/psql" -X -q -At -v ON_ERROR_STOP=1 "$LIANXIN_SUPERUSER_URL" "$@"; }

# Prints how often a request of KIND sends which statement.
capture() {
    local kind=$1
    draw "$reads_city" "$kind" "$calls"
    caller "$kind" "$reads_city"
    some_calls "$kind" >"$work/calls.curl"
    hold_feed
    counted -c 'SELECT pg_stat_statements_reset()' >/dev/null
    curl -sS --fail-with-body -K "$work/calls.curl" >&2 || die "a call of $kind failed."
    # What runs by itself now and then comes to less than once in two calls.
    counted -c "SELECT round(calls::numeric / $calls), regexp_replace(query, '\s+', ' ', 'g')
        FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
        WHERE rolname = 'lianxin_app' AND calls * 2 >= $calls ORDER BY query COLLATE \"C\"" -F $'\t'
    release_feed
}

check_statements() {
    local kind
    for kind in get list write; do
        capture "$kind" >"$work/$kind.captured"
        if [ -n "$accept" ]; then
            cp "$work/$kind.captured" "bench/sql/$kind.txt"
        elif ! diff -u "bench/sql/$kind.txt" "$work/$kind.captured" >&2; then
            die "the server sends other SQL for $kind than bench/sql/$kind.txt says (above). Run bench/run.sh --accept, then make bench/sql/$kind.sql play the same."
        fi
        python3 bench/statements.py check "$kind" || die "bench/sql/$kind.sql is not what the server sends (above)."
    done
}

# ------------------------------------------------------------------------------------------- the runs

# Dispatches that pgbench plays in one run, each client as many: so it is known which issues it used.
# An update that finds no row is no error to PostgreSQL, so it is counted what came of them.
pgbench_write() {
    pgbench_run write "$writes_city" -t "$1"
    used=$((used + 32 * $1))
    [ "$(sql -c "SELECT count(*) FROM issues WHERE city_code = $writes_city AND version = 3")" = "$used" ] ||
        die "pgbench did not dispatch $used issues: bench/sql/write.sql names others."
}

measure() {
    local run kind tps each
    for kind in get list write; do
        say "$kind: warming up"
        http "$kind" "$reads_city" "$connections" "$warm_up" >/dev/null
        if [ "$kind" = write ]; then
            pgbench_write 50 >"$work/tps"
            each=$(awk -v s="$write_seconds" '{ print int($1 * s / 32) + 1 }' "$work/tps")
        else
            pgbench_run "$kind" "$reads_city" -T "$warm_up" >/dev/null
        fi
        for run in $(seq "$runs"); do
            if [ "$kind" = write ]; then
                note write.http "$(http write "$reads_city" "$connections" "$write_seconds")"
                pgbench_write "$each" >"$work/tps"
            else
                note "$kind.http" "$(http "$kind" "$reads_city" "$connections" "$seconds")"
                pgbench_run "$kind" "$reads_city" -T "$seconds" >"$work/tps"
            fi
            tps=$(cat "$work/tps")
            note "$kind.pgbench" "$tps"
            say "$kind $run/$runs: $(tail -n 2 "$work/notes" | tr '\n' ' ')"
        done
    done
    note write.one "$(http write "$reads_city" 1 "$write_seconds")"
    note write.waits "$(waits)"
    note write.busy "[$(busy 1), $(busy "$connections")]"
    # Beside it: last, for a single client leaves most of the numbers it counts over out.
    note write.pgbench_one "$(pgbench_run write "$writes_city" -c 1 -j 1 -t 500)"
}

# Of so many looks at who is at work while 32 connections write, how many sessions waited for a lock that
# another session held, and how many did not.
waits() {
    http write "$reads_city" "$connections" 5 >/dev/null &
    local load=$! looks
    sleep 2.5
    looks=$(sql -c "CREATE TEMP TABLE looks (at int, kind text)" -c "
        DO \$\$ BEGIN FOR look IN 1..100 LOOP
            PERFORM pg_stat_clear_snapshot();
            INSERT INTO looks SELECT look, coalesce(wait_event_type, 'CPU') FROM pg_stat_activity
                WHERE usename = 'lianxin_app' AND state = 'active';
            PERFORM pg_sleep(0.01);
        END LOOP; END \$\$" -c "
        SELECT json_build_object('looks', 100, 'sessions', count(*),
            'waiting_for_a_lock', count(*) FILTER (WHERE kind = 'Lock')) FROM looks" | tail -n 1)
    wait "$load"
    printf '%s\n' "$looks"
}

# How many processors are at work while CONNECTIONS write: more connections cannot gain more than the
# idle ones.
busy() {
    http write "$reads_city" "$1" 5 >/dev/null &
    local load=$! before after
    sleep 3
    before=$(ticks)
    sleep 2
    after=$(ticks)
    wait "$load" || die "the writes failed while processors were counted."
    awk -v all="$(getconf _NPROCESSORS_ONLN)" -v before="$before" -v after="$after" 'BEGIN {
        split(before, b); split(after, a); printf "%.2f", all * (a[1] - b[1]) / (a[2] - b[2]) }'
}

# Of all processors since the machine began: the time at work, and all of it.
ticks() { awk '/^cpu / { idle = $5 + $6; for (n = 2; n <= 9; n++) all += $n; print all - idle, all }' /proc/stat; }

# The least that a write can be, at 1 and 32 clients: what this machine makes of more clients.
standin() {
    sql <<'SQL'
CREATE TABLE standin AS SELECT id, 1 AS version, 'accepted' AS state, repeat('b', 500) AS body
    FROM generate_series(1, 200000) id;
ALTER TABLE standin ADD PRIMARY KEY (id);
CREATE TABLE standin_assignments (id uuid PRIMARY KEY, issue int NOT NULL, note text NOT NULL);
CREATE TABLE standin_journal (id uuid PRIMARY KEY, issue int NOT NULL, note text NOT NULL);
CREATE TABLE standin_keys (id uuid PRIMARY KEY, issue int NOT NULL, note text NOT NULL);
VACUUM ANALYZE standin;
SQL
    local clients
    for clients in 1 "$connections"; do
        "$bin/pgbench" -n -M prepared -c "$clients" -j $((clients > 1 ? 2 : 1)) -T "$seconds" \
            -f bench/sql/standin.sql "${LIANXIN_SUPERUSER_URL%/*}/lianxin" 2>"$work/pgbench.err" |
            sed -n 's/^tps = \([0-9.]*\).*/\1/p'
    done | paste -sd ' ' | awk '{ printf "[%s, %s]\n", $1, $2 }'
}

accept=""
if [ "${1-}" = --accept ]; then accept=yes; elif [ $# -gt 0 ]; then die "run.sh [--accept]"; fi
build_lianxin release
open_work
start_cluster_and_migrate
load 2 "$issues"
start_server
note ready_ms "$ready_ms"
# One that knows nothing beside a database that does: what the second start takes.
stop_server
start_server
note ready_again_ms "$ready_ms"
check_statements
measure
note peak_mb "$(peak_mb)"
note get.many "$(http get "$reads_city" 256 "$seconds")"
note write.many "$(http write "$reads_city" 256 "$warm_up")"
note peak_many_mb "$(peak_mb)"
note standin "$(standin)"
describe "{\"issues\": $issues, \"seconds\": $seconds, \"write_seconds\": $write_seconds, \"runs\": $runs, \"connections\": $connections}"
python3 bench/report.py bench "$work/notes"
