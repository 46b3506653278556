#!/usr/bin/env bash
# make bench-imports: how long a file of members, and of contacts with a link each, takes to be tried,
# put in, put in again and changed; beside it how much the server held. See bench/README.md.
#
#   BENCH_ROWS     20000
#   BENCH_KEEP=1   leave the cluster where it is, and say where
#   LIANXIN_BIN    a finished program: nothing is built
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=bench/common.sh
. bench/common.sh

rows=${BENCH_ROWS:-20000}

build_lianxin release
open_work
start_cluster_and_migrate
load 1 1000
start_server
sectors=$(sql -c "SELECT string_agg(code, ' ' ORDER BY code) FROM organizations
    WHERE city_code = $reads_city AND kind = 'sector'")
divisions=$(sql -c "SELECT string_agg(code::text, ' ') FROM (SELECT code FROM divisions
    WHERE code / 100000000 = $reads_city / 100 AND level = 'village' ORDER BY code LIMIT 200) d")
[ -n "$divisions" ] || divisions=$(sql -c "SELECT string_agg(code::text, ' ') FROM divisions
    WHERE level = 'county' AND code / 100 = $reads_city / 100")
ROWS=$rows SECTORS=$sectors DIVISIONS=$divisions python3 bench/import_files.py "$work"

# import NAME KIND FILE [QUERY]: notes the seconds from the first byte sent to its end.
import() {
    local name=$1 query=$2 file=$3 told id began
    BENCH_TOKEN=$(token liaison "$reads_city")
    began=$(milliseconds)
    told=$(curl -sS --fail-with-body -H "Authorization: Bearer $BENCH_TOKEN" -H "Content-Type: text/csv" \
        -H "Idempotency-Key: bench-${name// /-}" --data-binary @"$work/$file" "$base_url/v1/imports?kind=$query&scheme=bench") ||
        die "the import was refused: $told"
    id=$(printf '%s' "$told" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')
    until sql -c "SELECT 'over' FROM imports WHERE id = '$id' AND finished_at IS NOT NULL" | grep -q over; do
        sleep 0.2
    done
    note "import.$name" "$(sql -c "SELECT json_build_object('state', state, 'rows', rows_total, 'created', created,
        'updated', updated, 'unchanged', unchanged,
        'seconds', $(($(milliseconds) - began)) / 1000.0) FROM imports WHERE id = '$id'")"
    say "$name: $(tail -n 1 "$work/notes")"
}

import "members tried" "members&dry_run=true" members.csv
import "members put in" members members.csv
import "members again" members members.csv
import "members changed" members changed.csv
import "contacts put in" contacts contacts.csv
import "contacts again" contacts contacts.csv
note memory "$(peak_mb)"
describe "{\"rows\": $rows}"
python3 bench/report.py imports "$work/notes"
