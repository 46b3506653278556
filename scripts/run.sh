#!/usr/bin/env bash
# What `make run` does: database, build, migrations, demonstration city, server. Ctrl-C ends it:
# the server answers what it has begun, then the database stops.
#
#   DATABASE_URL       use this database instead of a private one (LIANXIN_OWNER_URL: its owner)
#   LIANXIN_VAR        where the database, the lock and the list of demo accounts are kept (var)
#   LIANXIN_BIN        a finished program: nothing is built
set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/.."
# shellcheck source=scripts/postgres.sh
. "$here/postgres.sh"
# shellcheck source=scripts/cargo.sh
. "$here/cargo.sh"

mkdir -p "${LIANXIN_VAR:=var}"
LIANXIN_VAR=$(cd "$LIANXIN_VAR" && pwd)
export LIANXIN_VAR
lock=$LIANXIN_VAR/run.lock
who=$LIANXIN_VAR/run.pid       # "pid of run.sh, pid of its step, name of the step"
ours=$LIANXIN_VAR/run.postgres # the PostgreSQL that a run.sh started, also one that was killed
step=start

on_group_start() { echo "$$ $1 $step" >"$who"; }

# The steps hold the lock too: should this script be killed, its server still counts as running.
only_one() {
    local runner child name waited=0
    exec 9<>"$lock"
    until take_lock 9; do
        read -r runner child name <"$who" 2>/dev/null || true
        case $(process_args "${runner:-none}") in
            *run.sh*) die "make run is already running here: pid $runner ($name, pid $child). End it with Ctrl-C in its terminal, or: kill $runner" ;;
        esac
        if [ "$waited" = 0 ]; then
            process_alive "${child:-none}" || die "another process holds $lock; wait for it to end."
            say "An earlier make run was killed and left lianxin ($name) running as pid $child: ending it."
            kill -TERM -- "-$child" 2>/dev/null || true
        fi
        waited=$((waited + 1))
        [ "$waited" -lt 120 ] || die "lianxin (pid $child) of an earlier run does not end. Try: kill -9 $child"
        sleep 0.5
    done
    echo "$$ $$ start" >"$who"
}

finish() {
    trap '' INT TERM HUP
    if [ -n "$private" ] && [ -s "$ours" ]; then
        locate "$LIANXIN_VAR"
        # One that somebody started by hand stays.
        case $(cat "$ours") in starting | "$(running_pid || true)") stop_cluster INT ;; esac
        rm -f "$ours"
    fi
    rm -f "$who"
}

run_step() {
    local status=0
    step=$1
    shift
    run_group "$@" || status=$?
    if [ "$status" != 0 ] || [ -n "$stop_requested" ]; then
        [ "$status" != 0 ] || [ "$step" = serve ] || status=130
        [ "$status" = 0 ] || [ -n "$stop_requested" ] || say "lianxin $step ended with status $status."
        exit "$status"
    fi
}

[ -n "${LIANXIN_BIN-}" ] || need_cargo
only_one
private=""
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ -z "${DATABASE_URL-}" ]; then
    private=yes
    was_running=""
    if "$here/postgres.sh" status "$LIANXIN_VAR" >/dev/null 9>&-; then was_running=yes; fi
    # Should the start be cut short, what it started is ours all the same.
    [ -n "$was_running" ] || echo starting >"$ours"
    "$here/postgres.sh" start "$LIANXIN_VAR" 9>&-
    if [ -z "$was_running" ]; then (locate "$LIANXIN_VAR" && running_pid) >"$ours"; fi
    export_env "$LIANXIN_VAR"
    say "PostgreSQL: $("$here/postgres.sh" status "$LIANXIN_VAR" 9>&-)"
fi

if [ -z "${LIANXIN_BIN-}" ]; then
    say "Building (release): several minutes the first time, seconds afterwards."
fi
began=$SECONDS
step=build
status=0
build_lianxin release || status=$?
if [ -n "$stop_requested" ]; then exit 130; fi
if [ "$status" != 0 ]; then die "the build failed."; fi
[ -n "${LIANXIN_BIN-}" ] || say "Built in $((SECONDS - began)) s."

run_step migrate "$binary" migrate
run_step demo "$binary" demo --if-empty
# The serving process has no business with the other passwords.
unset LIANXIN_OWNER_URL LIANXIN_SUPERUSER_URL
run_step serve "$binary" serve
