#!/usr/bin/env bash
# make bench-chain: whether the chain of one city answers as fast among 333 cities as alone. Two clusters,
# one with a single city, one with all; they are asked in turn, so that what else the machine does hits
# both. See bench/README.md.
#
#   BENCH_CITIES      333; BENCH_CONTACTS  8 a member; the other settings as for run.sh
#   BENCH_KEEP=1      leave the clusters where they are, and say where
#   LIANXIN_BIN       a finished program: nothing is built
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=bench/common.sh
. bench/common.sh

cities=${BENCH_CITIES:-333}
contacts=${BENCH_CONTACTS:-8}
members=2103
connections=${BENCH_CONNECTIONS:-1} # how long one caller waits is asked, not how much goes through
seconds=${BENCH_SECONDS:-3}
kinds="chain sector members coverage uncovered contacts"

top="" servers=() urls=()

close_both() {
    trap '' INT TERM HUP
    stop_server
    for server in "${servers[@]}"; do
        kill -CONT "$server" 2>/dev/null || true
        stop_server
    done
    for n in 0 1; do "$root/scripts/postgres.sh" stop "$top/$n" || true; done
    if [ -n "${BENCH_KEEP-}" ]; then say "Kept: $top"; else rm -rf "$top"; fi
}

# begin N CITIES: a cluster with so many cities, and its server.
begin() {
    local began=$SECONDS
    work=$top/$1
    mkdir -m 711 "$work"
    start_cluster_and_migrate
    "$binary" demo --cities "$2" --members "$members" --contacts "$contacts"
    sql -c CHECKPOINT
    loaded[$1]=$((SECONDS - began))
    say "Loaded $2 cities in ${loaded[$1]} s."
    start_server
    servers[$1]=$server
    urls[$1]=$base_url
}

# turn_to N: everything that follows is of that cluster; the other's server stands still.
turn_to() {
    kill -STOP "${servers[$((1 - $1))]}"
    kill -CONT "${servers[$1]}"
    work=$top/$1
    server=${servers[$1]}
    base_url=${urls[$1]}
    export_env "$work"
}

# paths KIND CITY: what is asked for, a line each.
paths() {
    local of="city_code = $2"
    case $1 in
        chain) sql -c "SELECT '/v1/members/' || id || '/chain' FROM members WHERE $of ORDER BY random()" ;;
        sector) sql -c "SELECT '/v1/sectors/' || id FROM organizations WHERE $of AND kind = 'sector'" ;;
        members)
            sql -c "SELECT '/v1/members?limit=20&sector_id=' || id FROM organizations WHERE $of AND kind = 'sector'"
            ;;
        coverage) echo /v1/chain/coverage ;;
        uncovered) printf '/v1/chain/uncovered?kind=village\n/v1/chain/uncovered?kind=community\n' ;;
        contacts) echo '/v1/contacts?limit=20' ;;
    esac
}

# ask KIND CITY SECONDS: contacts as a committee sees them, all else as the liaison centre does.
ask() {
    local name=liaison
    [ "$1" != contacts ] || name=committee
    paths "$1" "$2" >"$work/$1.txt"
    BENCH_TOKEN=$(token "$name" "$2")
    BENCH_FILE=$work/$1.txt
    export BENCH_TOKEN BENCH_FILE
    http_run path "$connections" "$3"
}

build_lianxin release
open_work
top=$work
trap close_both EXIT
loaded=()
begin 0 1
begin 1 "$cities"
# One in the midst of the others.
among=$((900000 + 100 * (cities / 2 + 1)))
for kind in $kinds; do
    for run in $(seq 0 "$runs"); do
        for n in 0 1; do
            city=900100
            [ "$n" = 0 ] || city=$among
            turn_to "$n"
            if [ "$run" = 0 ]; then
                ask "$kind" "$city" "$warm_up" >/dev/null
            else
                result=$(ask "$kind" "$city" "$seconds")
                work=$top note "$kind.$n" "$result"
            fi
        done
    done
    say "$kind: $(tail -n 2 "$top/notes" | tr '\n' ' ')"
done
rows=$(sql -c "SELECT json_build_object('cities', (SELECT count(*) FROM cities),
    'members', (SELECT count(*) FROM members), 'contacts', (SELECT count(*) FROM contacts),
    'links', (SELECT count(*) FROM member_contacts),
    'gigabytes', round(pg_database_size(current_database()) / 1e9, 1))")
work=$top
note rows "$rows"
note loaded "[${loaded[0]}, ${loaded[1]}]"
describe "{\"cities\": $cities, \"connections\": $connections, \"seconds\": $seconds, \"runs\": $runs}"
python3 bench/report.py chain "$top/notes"
