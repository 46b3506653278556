#!/usr/bin/env bash
# make bench-scale: whether get and list stay as fast while a city grows. One cluster; city after city
# joins it, each larger, and each is measured when it has come. See bench/README.md.
#
#   BENCH_SIZES    "20000 200000 2000000"; the other settings as for run.sh
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=bench/common.sh
. bench/common.sh

sizes=${BENCH_SIZES:-20000 200000 2000000}

build_lianxin release
open_work
start_cluster_and_migrate
cities=0
for size in $sizes; do
    load 1 "$size" "$cities"
    cities=$((cities + 1))
done
start_server
# Size by size in turn, so that what else the machine does hits all of them.
for kind in get list; do
    for run in $(seq 0 "$runs"); do
        city=900000
        for size in $sizes; do
            city=$((city + 100))
            if [ "$run" = 0 ]; then
                http "$kind" "$city" "$connections" "$warm_up" >/dev/null
            else
                note "$kind.$size" "$(http "$kind" "$city" "$connections" "$seconds")"
                say "$kind, $size issues, $run/$runs: $(tail -n 1 "$work/notes")"
            fi
        done
    done
done
describe "{\"sizes\": [${sizes// /, }], \"connections\": $connections, \"seconds\": $seconds, \"runs\": $runs}"
python3 bench/report.py scale "$work/notes"
