#!/usr/bin/env bash
# make crash: nothing that was acknowledged is lost, and nothing is there by half. Writers note every
# answer; the server, and in other rounds PostgreSQL, is killed with -9 at random moments; afterwards
# every request is sent again with its key (scripts/crash.py) and the tables are compared with one
# another (scripts/crash.sql).
#
#   CRASH_ROUNDS  20, of each kind
#   CRASH_SEED    1158: the moments; printed, so that a round can be had again
#   PROFILE       release; LIANXIN_BIN names a finished program
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=bench/common.sh
. bench/common.sh

rounds=${CRASH_ROUNDS:-20}
seed=${CRASH_SEED:-1158}
city=900100
RANDOM=$seed

kill_server() {
    kill -KILL "$server"
    wait "$server" 2>/dev/null || true
    server=""
}

kill_postgres() {
    local pid
    locate "$work"
    pid=$(running_pid)
    kill -KILL "$pid"
    while process_alive "$pid"; do sleep 0.05; done
    # Its last processes leave by themselves; start waits for them and recovers.
    scripts/postgres.sh start "$work"
}

await_ready() {
    local waited=0
    until is_ready; do
        process_alive "$server" || die "the server ended: $(tail -n 5 "$work/server.log")"
        waited=$((waited + 1))
        [ "$waited" -lt 300 ] || die "the server did not heal in 30 s: $(tail -n 5 "$work/server.log")"
        sleep 0.1
    done
}

# Acceptances among dispatches, in no order: they number the ledger and give points.
work_list() {
    sql -F ' ' -c "SELECT act, id, version FROM (
        (SELECT 'dispatch' AS act, id, version FROM issues
            WHERE city_code = $city AND state = 'accepted' ORDER BY random() LIMIT 2000)
        UNION ALL (SELECT 'accept', id, version FROM issues
            WHERE city_code = $city AND state = 'submitted' ORDER BY random() LIMIT 200)) w
        ORDER BY random()"
}

invariants() {
    local wrong waited=0
    while :; do
        wrong=$(sql -F ': ' -f scripts/crash.sql | grep -v ': 0$' || true)
        [ -n "$wrong" ] || return 0
        # The workers sweep every ten seconds for what a crash left behind.
        waited=$((waited + 1))
        [ "$waited" -lt 40 ] || die "after this round:"$'\n'"$wrong"
        sleep 1
    done
}

# round KIND NUMBER
round() {
    local delay writers
    export CRASH_NOTES=$work/notes.$1.$2
    : >"$CRASH_NOTES"
    work_list >"$work/list"
    python3 scripts/crash.py write <"$work/list" 2>>"$work/writers.log" &
    writers=$!
    until [ -s "$CRASH_NOTES" ]; do
        process_alive "$writers" || die "no writer noted anything: $(tail -n 5 "$work/writers.log")"
        sleep 0.01
    done
    delay=$(awk -v r="$RANDOM" 'BEGIN { printf "%.3f", 0.2 + r / 32768 * 2 }')
    sleep "$delay"
    "kill_$1"
    wait "$writers" || die "the writers failed: $(tail -n 5 "$work/writers.log")"
    [ -n "$server" ] || start_server
    await_ready
    export BASE_URL=$base_url
    CRASH_TOKEN=$(token liaison "$city")
    python3 scripts/crash.py check >"$work/checked" || die "round $1 $2 with seed $seed."
    say "$1 $2/$rounds, killed after $delay s: $(cat "$work/checked")"
    invariants
}

build_lianxin "${PROFILE:-release}"
open_work
start_cluster_and_migrate
load 1 60000
start_server
export BASE_URL=$base_url CRASH_TOKEN CRASH_DEPARTMENT
CRASH_TOKEN=$(token liaison "$city")
CRASH_DEPARTMENT=$(department "$city")
for kind in server postgres; do
    for number in $(seq "$rounds"); do round "$kind" "$number"; done
done
say "Nothing acknowledged was lost in $((2 * rounds)) rounds (seed $seed)."
