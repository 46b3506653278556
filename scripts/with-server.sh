#!/usr/bin/env bash
# Runs a command against a throwaway server with the demonstration city, and removes everything
# afterwards:  scripts/with-server.sh -- CMD…
# The command finds BASE_URL, LIANXIN_VAR (demo-accounts.txt, server.log) and the database's URLs.
# PROFILE=release|dev chooses the build (dev); LIANXIN_BIN names a finished program.
set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/postgres.sh
. "$here/postgres.sh"
# shellcheck source=scripts/cargo.sh
. "$here/cargo.sh"

server=""

clean_up() {
    trap '' INT TERM HUP
    end_server
    rm -rf "$LIANXIN_VAR"
}

end_server() {
    local waited=0
    [ -n "$server" ] || return 0
    kill -TERM "$server" 2>/dev/null || true
    while process_alive "$server"; do
        sleep 0.1
        waited=$((waited + 1))
        if [ "$waited" = 300 ]; then
            say "lianxin (pid $server) did not drain in 30 s: killing it."
            kill -KILL "$server" 2>/dev/null || true
        fi
    done
    server=""
}

# Needs no curl, which slim images lack.
ready() {
    local line=""
    {
        exec 7<>"/dev/tcp/127.0.0.1/$1" &&
            printf 'GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$1" >&7 &&
            IFS= read -r -t 5 line <&7 &&
            while read -r -t 1 _ <&7; do :; done
    } 2>/dev/null || true
    { exec 7>&-; } 2>/dev/null || true
    case $line in HTTP/1.?" 200"*) return 0 ;; *) return 1 ;; esac
}

start_server() {
    local port deadline log=$LIANXIN_VAR/server.log
    port=$(free_port)
    export LIANXIN_LISTEN=127.0.0.1:$port
    # Only the command is told the other passwords. A group of its own: Ctrl-C ends the command first.
    set -m
    env -u LIANXIN_OWNER_URL -u LIANXIN_SUPERUSER_URL "$LIANXIN_BIN" serve >"$log" 2>&1 </dev/null &
    server=$!
    set +m
    deadline=$((SECONDS + 60))
    until ready "$port"; do
        if ! process_alive "$server"; then
            server=""
            return 1
        fi
        if [ "$SECONDS" -ge "$deadline" ]; then
            tail -n 30 "$log" >&2
            die "lianxin did not answer /readyz with 200 within 60 s; the end of its log stands above."
        fi
        sleep 0.1
    done
    export BASE_URL=http://127.0.0.1:$port
}

inside() {
    local status=0 attempt
    LIANXIN_VAR=$(mktemp -d "${TMPDIR:-/tmp}/lianxin-server.XXXXXX")
    export LIANXIN_VAR
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    "$LIANXIN_BIN" migrate
    "$LIANXIN_BIN" demo --if-empty
    for attempt in 1 2 3; do
        if start_server; then break; fi
        # Somebody may have taken the port between our look and its start.
        if [ "$attempt" = 3 ] || ! grep -qi 'in use' "$LIANXIN_VAR/server.log"; then
            tail -n 30 "$LIANXIN_VAR/server.log" >&2
            die "lianxin serve ended before it was ready; its log stands above."
        fi
    done
    run_group "$@" || status=$?
    if [ "$status" != 0 ] && [ -z "$stop_requested" ]; then
        say "The command ended with status $status; the end of the server's log:"
        tail -n 20 "$LIANXIN_VAR/server.log" >&2
    fi
    exit "$status"
}

if [ "${1-}" = --inside ]; then
    shift
    inside "$@"
else
    [ "${1-}" != -- ] || shift
    [ $# -gt 0 ] || die "with-server.sh -- CMD…"
    cd "$here/.."
    build_lianxin "${PROFILE:-dev}"
    export LIANXIN_BIN=$binary
    exec "$here/postgres.sh" with-temporary -- "$here/with-server.sh" --inside "$@"
fi
