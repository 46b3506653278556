# shellcheck shell=bash disable=SC2034,SC2154 # names that pass between these scripts
# What the benches and scripts/crash.sh share: a private cluster, the server, its callers, the two load
# makers. Sourced from the project's root.

# shellcheck source=scripts/postgres.sh
. scripts/postgres.sh
# shellcheck source=scripts/cargo.sh
. scripts/cargo.sh

seconds=${BENCH_SECONDS:-8}        # a timed run
warm_up=${BENCH_WARM_UP:-2}        # the run before it that nobody counts
runs=${BENCH_RUNS:-5}              # timed runs, of which the median counts
connections=${BENCH_CONNECTIONS:-32}
members=2100                       # a multiple of the 14 sectors: the issues 14, 28 … stand in the first
reads_city=900100                  # HTTP, and pgbench's reads
writes_city=900200                 # pgbench's writes, so that neither takes the other's issues

work="" server="" base_url="" port=""

# Installs the package where that can be done without asking.
need() {
    command -v "$1" >/dev/null && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get install -y -qq "$2" >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq "$2" >/dev/null; }
    fi
    command -v "$1" >/dev/null || die "$1 was not found. Debian, Ubuntu: apt-get install $2"
}

# ------------------------------------------------------------------------------- the machine's side

open_work() {
    need wrk wrk
    need curl curl
    need python3 python3
    work=$(mktemp -d "${TMPDIR:-/tmp}/lianxin-bench.XXXXXX")
    # PostgreSQL's own user must be able to enter it.
    chmod 711 "$work"
    trap close_work EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

close_work() {
    trap '' INT TERM HUP
    stop_server
    "$root/scripts/postgres.sh" stop "$work" || true
    if [ -n "${BENCH_KEEP-}" ]; then say "Kept: $work"; else rm -rf "$work"; fi
}

# As `make run` has it: fsync and synchronous_commit are on, and so is everything else.
start_cluster_and_migrate() {
    "$root/scripts/postgres.sh" start "$work"
    export_env "$work"
    bin=$("$root/scripts/postgres.sh" find)
    export LIANXIN_VAR=$work
    "$binary" migrate >/dev/null
}

# As superuser in the server's own database; reads statements from the arguments or from stdin.
sql() { "$bin/psql" -X -q -At -v ON_ERROR_STOP=1 "${LIANXIN_SUPERUSER_URL%/*}/lianxin" "$@"; }

# load CITIES ISSUES [AFTER]: bulk cities, then everything written back, so that no run pays for it.
load() {
    local began=$SECONDS
    "$binary" demo --cities "$1" --members "$members" --contacts 2 --issues "$2" --after "${3:-0}"
    sql -c CHECKPOINT
    say "Loaded $1 × $2 issues in $((SECONDS - began)) s."
}

is_ready() {
    local line=""
    {
        exec 7<>"/dev/tcp/127.0.0.1/$port" &&
            printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&7 &&
            IFS= read -r -t 5 line <&7
    } 2>/dev/null || true
    { exec 7>&-; } 2>/dev/null || true
    case $line in HTTP/1.?" 200"*) return 0 ;; *) return 1 ;; esac
}

milliseconds() { printf '%s\n' $(($(date +%s%N) / 1000000)); }

# Sets ready_ms: from the start of the process to the first 200 of /readyz.
start_server() {
    local began
    port=$(free_port)
    base_url=http://127.0.0.1:$port
    began=$(milliseconds)
    # Only what a serving process needs; a group of its own, so that Ctrl-C ends it in close_work.
    set -m
    env -u LIANXIN_OWNER_URL -u LIANXIN_SUPERUSER_URL LIANXIN_LISTEN="127.0.0.1:$port" \
        LIANXIN_RATE_LIMIT=0 "$binary" serve >"$work/server.log" 2>&1 </dev/null &
    server=$!
    set +m
    until is_ready; do
        # In its first moment a process has no command line yet, and does not count as alive.
        [ $(($(milliseconds) - began)) -lt 1000 ] || process_alive "$server" ||
            die "the server ended: $(tail -n 5 "$work/server.log")"
        [ $(($(milliseconds) - began)) -lt 60000 ] || die "the server was not ready after a minute."
        sleep 0.01
    done
    ready_ms=$(($(milliseconds) - began))
}

stop_server() {
    [ -n "$server" ] || return 0
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=""
}

# VmHWM: the most memory the server ever held, in MB. Linux only.
peak_mb() { awk '/^VmHWM/ { printf "%.1f\n", $2 / 1024 }' "/proc/$server/status"; }

# ----------------------------------------------------------------------------------------- the notes

# note NAME JSON: for report.py
note() { printf '{"name": "%s", "value": %s}\n' "$1" "$2" >>"$work/notes"; }

# describe SETTINGS: what was measured, on what. Whether the machine was busy shows in its load.
describe() {
    note date "\"$(date -u +%Y-%m-%dT%H:%MZ)\""
    note commit "\"$(git rev-parse --short HEAD 2>/dev/null || echo none)\""
    note cpu "\"$(awk -F ': *' '/^model name/ { print $2; exit }' /proc/cpuinfo) × $(getconf _NPROCESSORS_ONLN)\""
    note postgres "\"$(sql -c 'SHOW server_version')\""
    note wrk "\"$(wrk -v 2>&1 | sed -n 's/^wrk \([^ ]*\).*/\1/p')\""
    note load "\"$(cut -d ' ' -f 1 /proc/loadavg)\""
    note settings "$1"
}

# ----------------------------------------------------------------------------------- the callers

# token NAME CITY: a fresh access token; it holds for ten minutes, longer than any run.
token() {
    # The password never stands on a command line.
    awk -v name="$1@$2" '$1 == name { printf "grant_type=password&username=%s&password=%s", $1, $2 }' \
        "$work/bulk-accounts.txt" | curl -sS --fail-with-body "$base_url/oauth/token" --data-binary @- |
        sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'
}

# What the callers of a city ask for, as files for the lua scripts: the convener sees the first
# sector, the liaison centre the city.
#   draw CITY KIND COUNT: get.txt ids, list.txt cursors, write.txt ids and versions
draw() {
    local city=$1 kind=$2 count=$3 convener_sees hash
    convener_sees="city_code = $city AND sector_id = (SELECT id FROM organizations
        WHERE city_code = $city AND kind = 'sector' ORDER BY position, id LIMIT 1)"
    case $kind in
        get) sql -c "SELECT id FROM issues WHERE $convener_sees ORDER BY random() LIMIT $count" ;;
        list)
            # A cursor is the hash of the query, the instant and the id (src/page.rs); the server
            # tells the hash in the cursor that it gives.
            hash=$(curl -sS --fail-with-body -H "Authorization: Bearer $(token convener "$city")" \
                "$base_url/v1/issues?state=accepted&limit=20" | sed -n 's/.*"next":"\([^"]*\)".*/\1/p' |
                tr -- '-_' '+/')
            sql -c "SELECT translate(replace(encode(substring(decode('$hash=', 'base64') FOR 8)
                    || int8send((extract(epoch FROM created_at) * 1000000)::bigint) || uuid_send(id),
                    'base64'), '=', ''), '+/', '-_')
                FROM issues WHERE $convener_sees AND state = 'accepted' ORDER BY random() LIMIT $count"
            ;;
        write)
            sql -c "SELECT id, version FROM issues WHERE city_code = $city AND state = 'accepted'
                ORDER BY random() LIMIT $count"
            ;;
    esac >"$work/$kind.txt"
    [ -s "$work/$kind.txt" ] || die "no issues are left for $kind."
}

department() {
    sql -c "SELECT id FROM organizations WHERE city_code = $1 AND kind = 'department' ORDER BY id LIMIT 1"
}

# caller KIND CITY: what the lua script of that operation reads from the environment.
caller() {
    local name=convener
    [ "$1" != write ] || name=liaison
    BENCH_TOKEN=$(token "$name" "$2")
    BENCH_DEPARTMENT=$(department "$2")
    BENCH_FILE=$work/$1.txt
    export BENCH_TOKEN BENCH_DEPARTMENT BENCH_FILE
}

# --------------------------------------------------------------------------------- the load makers

# http_run KIND CONNECTIONS SECONDS: one line of JSON.
http_run() {
    local threads=2
    [ "$2" -ge 2 ] || threads=1
    wrk -t "$threads" -c "$2" -d "$3" --timeout 10 -s "bench/$1.lua" "$base_url" |
        sed -n 's/^RESULT //p' | grep . || die "wrk printed no result for $1."
}

# http KIND CITY CONNECTIONS SECONDS: signs in, draws what to ask for, and runs.
http() {
    local count=20000
    # Never more than can be dispatched in the time.
    [ "$1" != write ] || count=$((6000 * $4 + 1000))
    # What the last run still had under way is done by now.
    [ "$1" != write ] || sleep 1
    draw "$2" "$1" "$count"
    caller "$1" "$2"
    http_run "$1" "$3" "$4"
}

# pgbench_run KIND CITY (-T SECONDS | -t TRANSACTIONS): transactions a second. `used` counts the issues
# that pgbench has dispatched.
used=0
pgbench_run() {
    local kind=$1 city=$2 out value values=()
    shift 2
    [ -s "$work/values.$city" ] || pgbench_values "$city" >"$work/values.$city"
    while IFS= read -r value; do values+=(-D "$value"); done <"$work/values.$city"
    python3 bench/statements.py expand "$kind" >"$work/$kind.pgbench.sql"
    # An id begins with its time; `clock` is that of the client, a millisecond a transaction.
    out=$("$bin/pgbench" -n -M prepared -c 32 -j 2 -f "$work/$kind.pgbench.sql" "${values[@]}" -D turn=-1 \
        -D "clock=$(milliseconds)" -D used="$used" "$@" "$DATABASE_URL" 2>"$work/pgbench.err") ||
        die "pgbench $kind failed: $(tail -n 5 "$work/pgbench.err")"
    printf '%s\n' "$out" | sed -n 's/^tps = \([0-9.]*\).*/\1/p'
}

# NAME=VALUE lines for pgbench: where the city's numbers begin, who acts, and what the server stored
# for the dispatches while its statements were counted.
pgbench_values() {
    sql -v city="$1" -v reads="$reads_city" <<'SQL'
WITH two AS (
    SELECT (extract(epoch FROM created_at) * 1000)::bigint AS ms
    FROM issues WHERE city_code = :city ORDER BY created_at, id LIMIT 2
), sector AS (
    SELECT o.id, s.committee_id FROM organizations o
    JOIN sector_committees s ON s.city_code = o.city_code AND s.sector_id = o.id
    WHERE o.city_code = :city AND o.kind = 'sector' ORDER BY o.position, o.id LIMIT 1
), department AS (
    SELECT id FROM organizations WHERE city_code = :city AND kind = 'department' ORDER BY id LIMIT 1
), dispatched AS (
    SELECT i.*, k.body AS answer, k.etag, p.before, p.after, a.id AS assignment_id FROM idempotency_keys k
    JOIN issues i ON i.city_code = k.city_code AND i.id = substring(k.key FROM '.{36}$')::uuid
    JOIN journal j ON j.city_code = i.city_code AND j.object_id = i.id AND j.kind = 'issue.dispatched'
    JOIN journal_payload p ON p.city_code = j.city_code AND p.entry_id = j.id
    JOIN assignments a ON a.city_code = i.city_code AND a.parent_kind = 'issue' AND a.parent_id = i.id
    WHERE k.city_code = :reads AND k.key LIKE 'bench-%' LIMIT 1
)
SELECT v.name || '=' || v.value FROM dispatched d, sector s, department o
CROSS JOIN LATERAL (VALUES
    ('city', (:city)::text),
    ('start', (SELECT (min(ms) * 2 - max(ms))::text FROM two)),
    ('step', (SELECT (max(ms) - min(ms))::text FROM two)),
    ('issues', (SELECT count(*)::text FROM issues WHERE city_code = :city)),
    ('places', '{' || s.id || '}'),
    ('sector', s.id::text),
    ('committee', s.committee_id::text),
    ('member', d.member_id::text),
    ('county', d.county_code::text),
    ('department', o.id::text),
    ('departments', '{' || o.id || '}'),
    ('liaison', (SELECT id::text FROM accounts WHERE city_code = :city AND username = 'liaison')),
    ('title', d.title),
    ('body', d.body),
    ('day', current_date::text),
    ('due_on', d.due_on::text),
    ('due_at', d.due_at::text),
    ('request', d.assignment_id::text),
    ('hash', sha256('bench')::text),
    ('etag', d.etag),
    ('before_issue', d.before::text),
    ('after_issue', d.after::text),
    ('after_assignment', (SELECT p.after::text FROM journal j JOIN journal_payload p
        ON p.city_code = j.city_code AND p.entry_id = j.id
        WHERE j.city_code = d.city_code AND j.object_id = d.assignment_id AND j.kind = 'assignment.dispatched')),
    ('answer', convert_from(d.answer, 'UTF8'))
) v(name, value);
SQL
}
