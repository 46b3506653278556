#!/usr/bin/env bash
# A private PostgreSQL for this checkout, and throwaway ones for tests. No Docker, no system service.
#
#   scripts/postgres.sh find                   print the folder of PostgreSQL's programs (15 or newer)
#   scripts/postgres.sh start DIR              start the cluster kept in DIR/pg; writes DIR/pg.env
#   scripts/postgres.sh stop DIR               stop it
#   scripts/postgres.sh status DIR             say whether it runs (exit 3: it does not)
#   scripts/postgres.sh env DIR                print DATABASE_URL and its companions
#   scripts/postgres.sh with-temporary -- CMD  run CMD with a cluster that is removed afterwards
#
# Written for bash 3.2 too, which is what macOS has. The other scripts source this file.
#
# shellcheck disable=SC2016 # the small sh -c programs expand their own arguments
set -euo pipefail

oldest=15

# A PGHOST or PGPASSFILE meant for another server must not lead us to it.
# shellcheck disable=SC2086 # variable names hold no blanks
unset ${!PG@}

say() { printf '%s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# ---------------------------------------------------------------------------------- processes

# The command line of a process; fails when there is none. Slim images have /proc but no ps.
process_args() {
    if [ -d /proc/self ]; then
        [ -r "/proc/$1/cmdline" ] && tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline"
    else
        ps -ww -o args= -p "$1" 2>/dev/null
    fi
}

# Alive, whoever owns it (kill -0 cannot tell "gone" from "not yours"). A zombie counts as gone.
# The state and not the command line, which reads as empty for an instant during an exec.
process_alive() {
    local state=""
    if [ -d /proc/self ]; then
        # "123 (a name) S 1 …": the name may hold anything, the state stands after its last bracket.
        state=$(sed -n 's/^.*) \([A-Za-z]\) .*$/\1/p' "/proc/$1/stat" 2>/dev/null) || return 1
    else
        state=$(ps -o stat= -p "$1" 2>/dev/null) || return 1
    fi
    case $state in "" | [ZXx]*) return 1 ;; *) return 0 ;; esac
}

# Takes the lock that is open as descriptor $1; the kernel lets go of it when its last holder dies.
take_lock() {
    if command -v flock >/dev/null; then
        flock -n "$1"
    else
        perl -e 'use Fcntl ":flock"; open(my $f, ">&=", shift) or exit 2; exit(flock($f, LOCK_EX | LOCK_NB) ? 0 : 1)' "$1"
    fi
}

# Below, "return 0" and not "return": in a trap the latter hands on the status that led there.

on_group_start() { :; }
stop_requested=""
signalled=""
group=""

forward_signal() {
    stop_requested=$((${stop_requested:-0} + 1))
    signalled=1
    [ "$stop_requested" -lt 3 ] || set -- KILL
    [ -z "$group" ] || kill "-$1" -- "-$group" 2>/dev/null || true
}

# Runs a command in a process group of its own and passes each INT, TERM and HUP on to the group
# once. Without it Ctrl-C would reach some children twice, and TERM would reach none of them.
# The third signal kills. Returns the command's status.
run_group() {
    local status=0
    trap 'forward_signal INT' INT
    trap 'forward_signal TERM' TERM HUP
    set -m
    # A background group that reads the terminal is stopped by it.
    if [ -t 0 ]; then "$@" </dev/null & else "$@" <&0 & fi
    group=$!
    set +m
    on_group_start "$group"
    while :; do
        signalled=""
        status=0
        { wait "$group"; } 2>/dev/null || status=$?
        # A wait that a signal cut short says nothing of the command.
        [ -n "$signalled" ] || break
    done
    [ -z "$stop_requested" ] || kill -TERM -- "-$group" 2>/dev/null || true
    group=""
    return "$status"
}

# --------------------------------------------------------------------------------- programs

# The folder that really holds a program: a link in /usr/local/bin has no server beside it.
real_folder() {
    local file=$1 link
    while [ -L "$file" ]; do
        link=$(readlink "$file")
        case $link in /*) file=$link ;; *) file=$(dirname "$file")/$link ;; esac
    done
    (cd -P "$(dirname "$file")" 2>/dev/null && pwd)
}

# "15" for a folder with a complete server of version 15.
major_of() {
    local program
    for program in initdb postgres pg_ctl psql; do
        [ -x "$1/$program" ] || return 1
    done
    "$1/postgres" --version 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9][0-9]*\).*/\1/p'
}

# Lines "major folder" of every server on this machine, newest first.
servers_found() {
    local folder program major
    {
        for program in postgres pg_ctl initdb; do
            if program=$(command -v "$program"); then real_folder "$program"; fi
        done
        if command -v pg_config >/dev/null; then pg_config --bindir; fi
        for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
            /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin; do
            [ ! -d "$folder" ] || printf '%s\n' "$folder"
        done
    } | awk '!seen[$0]++' | while read -r folder; do
        if major=$(major_of "$folder") && [ -n "$major" ]; then printf '%s %s\n' "$major" "$folder"; fi
    done | sort -s -r -n -k 1,1
}

newest_server() {
    servers_found | awk -v oldest="$oldest" '$1 >= oldest { sub(/^[0-9]+ /, ""); print; exit }'
}

apt_install_server() {
    local root="" offered clusters=/etc/postgresql-common/createcluster.d
    [ "$(id -u)" = 0 ] || root="sudo -n"
    say "PostgreSQL $oldest or newer was not found: installing Debian's package 'postgresql' with apt-get."
    $root apt-get update -qq >&2
    # The package 'postgresql' depends on 'postgresql-NN': that NN is what we would get.
    offered=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1)
    if [ -n "$offered" ] && [ "$offered" -lt "$oldest" ]; then
        say "This distribution's PostgreSQL is $offered; $oldest or newer is needed. See https://www.postgresql.org/download/ for newer packages."
        return 1
    fi
    # Without this the package makes and starts a cluster of its own, which nobody here asked for.
    $root mkdir -p "$clusters"
    echo 'create_main_cluster = false' | $root tee "$clusters/lianxin.conf" >/dev/null
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql postgresql-client >&2 </dev/null || offered=failed
    $root rm -f "$clusters/lianxin.conf"
    [ "$offered" != failed ]
}

find_server() {
    local folder
    folder=$(newest_server)
    if [ -z "$folder" ] && command -v apt-get >/dev/null; then
        if [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; then
            if apt_install_server; then folder=$(newest_server); fi
        fi
    fi
    [ -n "$folder" ] || die "PostgreSQL $oldest or newer was not found. Install it (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server postgresql-contrib; macOS: brew install postgresql@17) and try again, or set DATABASE_URL to a database you have."
    printf '%s\n' "$folder"
}

# A cluster can only be run by the version that made it.
server_for_cluster() {
    local major folder
    if [ ! -f "$home/data/PG_VERSION" ]; then
        find_server
        return 0
    fi
    major=$(as_server cat "$home/data/PG_VERSION")
    folder=$(servers_found | awk -v major="$major" '$1 == major { sub(/^[0-9]+ /, ""); print; exit }')
    [ -n "$folder" ] || die "the cluster in $home was made by PostgreSQL $major, which is no longer installed. Install it again, or remove $dir/pg with all its data."
    printf '%s\n' "$folder"
}

# ------------------------------------------------------------------------- where and as whom
# dir: what the caller named. home: dir/pg, or what it links to; owned by the server's user, 0700.
# account: the user the server runs as when we are root (it refuses root); empty: ourselves.

dir="" home="" account=""

as_server() {
    if [ -z "$account" ]; then
        "$@"
    elif command -v setpriv >/dev/null; then
        (cd / && HOME=/ exec setpriv --reuid="$account" --regid="$(id -g "$account")" --init-groups -- "$@")
    elif command -v runuser >/dev/null; then
        (cd / && HOME=/ exec runuser -u "$account" -- "$@")
    else
        (cd / && exec su -s /bin/sh "$account" -c 'exec "$0" "$@"' -- "$@")
    fi
}

write_as_server() { as_server sh -c 'umask 077; cat >"$1"' sh "$1"; }

owner_of() {
    # shellcheck disable=SC2012 # stat's options differ between Linux and macOS; the name's column does not
    ls -ldn "$1" | awk '{print $3}'
}

choose_account() {
    local owner candidate
    if [ "$(id -u)" != 0 ]; then
        if [ -d "$home" ] && [ "$(owner_of "$home")" != "$(id -u)" ]; then
            die "$home belongs to user $(owner_of "$home"), so that only this user or root can run it."
        fi
        return 0
    fi
    if [ -d "$home" ]; then
        owner=$(owner_of "$home")
        if [ "$owner" != 0 ]; then
            account=$(id -un "$owner" 2>/dev/null) || die "$home belongs to user number $owner, which has no name here."
            return 0
        fi
    fi
    for candidate in postgres nobody; do
        if id "$candidate" >/dev/null 2>&1; then account=$candidate; return 0; fi
    done
    useradd --system --no-create-home --shell /usr/sbin/nologin lianxin
    account=lianxin
}

can_use() { as_server test -w "$1" && as_server test -x "$1"; }

# A checkout in root's home can be closed to the server's user; opening it up is not ours to do.
relocate() {
    local away aside
    away=/var/lib/lianxin-$(printf '%s' "$dir" | cksum | awk '{printf "%x", $1}')
    if [ -e "$away" ]; then
        # The link to it is gone: somebody wanted to begin anew, but data is not ours to delete.
        aside=$away.$(date -u +%Y%m%dT%H%M%SZ)
        home=$away
        stop_cluster INT
        mv "$away" "$aside"
        say "The database of an earlier $dir was put aside as $aside."
    fi
    mkdir -m 700 "$away"
    chown "$account" "$away"
    ln -s "$away" "$dir/pg"
    home=$away
    say "User $account, who runs PostgreSQL, cannot enter $dir: the database is kept in $away ($dir/pg is a link to it)."
}

locate() {
    case $1 in
        "") die "which folder?" ;;
        *) [ -d "$1" ] || return 1 ;;
    esac
    dir=$(cd "$1" && pwd)
    home=$dir/pg
    if [ -d "$home" ]; then home=$(cd -P "$dir" && cd -P pg 2>/dev/null && pwd) || die "$dir/pg cannot be entered by $(id -un)."; fi
    choose_account
}

# kind: kept or throwaway
make_home() {
    if [ -L "$dir/pg" ] && [ ! -d "$dir/pg" ]; then
        say "$dir/pg links to $(readlink "$dir/pg"), which is gone: making a new cluster."
        rm "$dir/pg"
    fi
    if [ ! -d "$dir/pg" ]; then
        mkdir -m 700 "$dir/pg"
        [ -z "$account" ] || chown "$account" "$dir/pg"
        home=$(cd -P "$dir/pg" && pwd)
        if ! can_use "$home"; then
            rmdir "$dir/pg"
            [ "$1" = kept ] || die "user $account cannot enter $dir; set TMPDIR to a folder that every user can enter."
            relocate
        fi
    fi
    # A first start that was killed before it gave the folder away.
    if [ -n "$account" ] && [ "$(owner_of "$home")" = 0 ]; then chown "$account" "$home"; fi
    can_use "$home" || die "user ${account:-$(id -un)} cannot write to $home: make the folders above it enterable (chmod o+x)."
}

# ------------------------------------------------------------------------------ the cluster

pid_in_file() { as_server sh -c 'head -n 1 "$1" 2>/dev/null' sh "$home/data/postmaster.pid" || true; }

# The number of our running server. A file left by a killed one may name a process that has
# nothing to do with us by now, so the command line is compared.
running_pid() {
    local pid args
    pid=$(pid_in_file)
    case $pid in "" | *[!0-9]*) return 1 ;; esac
    args=$(process_args "$pid") || return 1
    case "$args " in
        *postgres*"-D $home/data "*) printf '%s\n' "$pid" ;;
        *) return 1 ;;
    esac
}

random_hex() { od -An -v -N24 -tx1 /dev/urandom | tr -d ' \n'; }

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the range from which systems take ports for outgoing connections.
free_port() {
    local port
    while :; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        if ! port_answers "$port"; then printf '%s\n' "$port"; return 0; fi
    done
}

kept_port() {
    [ ! -f "$dir/pg.env" ] || sed -n 's|^DATABASE_URL=.*:\([0-9]*\)/.*|\1|p' "$dir/pg.env"
}

secret() { sed -n "s/^$1=//p" "$dir/pg-secrets"; }

# The system cuts socket paths at about 100 bytes.
socket_folder() {
    local folder=$home/sock
    if [ "${#folder}" -gt 80 ]; then
        folder=""
        [ ! -f "$home/sock-elsewhere" ] || folder=$(as_server cat "$home/sock-elsewhere")
        if [ -z "$folder" ] || ! { [ -d "$folder" ] && can_use "$folder"; }; then
            folder=$(as_server mktemp -d /tmp/lianxin-sock.XXXXXX)
            printf '%s\n' "$folder" | write_as_server "$home/sock-elsewhere"
        fi
    else
        as_server mkdir -p -m 700 "$folder"
    fi
    printf '%s\n' "$folder"
}

preload_library() {
    local bin=$1 folder
    for folder in "$("$bin/pg_config" --pkglibdir 2>/dev/null)" "$bin/../lib" "$bin/../lib/postgresql"; do
        if [ -e "$folder/pg_stat_statements.so" ] || [ -e "$folder/pg_stat_statements.dylib" ]; then
            echo pg_stat_statements
            return 0
        fi
    done
}

initialise() {
    local bin=$1 kind=$2 new=$home/data.new durability=--data-checksums
    [ "$kind" = kept ] || durability=--no-sync
    # A cluster whose making was interrupted has the name data.new and is made again.
    as_server rm -rf "$new"
    # --auth=reject: nobody gets in before our own pg_hba.conf stands.
    if ! as_server "$bin/initdb" -D "$new" -U postgres -E UTF8 --locale=C.UTF-8 --auth=reject \
        "$durability" 2>&1 </dev/null | write_as_server "$home/initdb.log"; then
        # Systems without that locale: PostgreSQL 17 brings its own.
        as_server rm -rf "$new"
        as_server "$bin/initdb" -D "$new" -U postgres -E UTF8 --locale=C --locale-provider=builtin \
            --builtin-locale=C.UTF-8 --auth=reject "$durability" </dev/null >/dev/null 2>&1 ||
            die "initdb failed: $(as_server tail -n 3 "$home/initdb.log")"
    fi
    write_as_server "$new/pg_hba.conf" <<'HBA'
# The one who runs the server is its superuser on the socket; all others show a password.
local all postgres           peer map=private
local all all                scram-sha-256
host  all all  127.0.0.1/32  scram-sha-256
HBA
    printf 'private "%s" postgres\n' "${account:-$(id -un)}" | write_as_server "$new/pg_ident.conf"
    as_server sh -c 'echo "include = '\''lianxin.conf'\''" >>"$1"' sh "$new/postgresql.conf"
    as_server mv "$new" "$home/data"
}

configure() {
    local port=$1 sock=$2 library=$3 kind=$4
    {
        echo "# Written anew by scripts/postgres.sh at every start."
        echo "listen_addresses = '127.0.0.1'"
        echo "port = $port"
        printf "unix_socket_directories = '%s'\n" "${sock//\'/\'\'}"
        echo "unix_socket_permissions = 0700"
        echo "shared_preload_libraries = '$library'"
        echo "password_encryption = 'scram-sha-256'"
        echo "timezone = 'UTC'"
        echo "log_timezone = 'UTC'"
        if [ "$kind" = kept ]; then
            echo "max_connections = 200"
        else
            # Thrown away afterwards, so nothing needs to survive a crash.
            echo "max_connections = 400"
            # Each test has a database of its own, and their statements would push out one another's.
            if [ -n "$library" ]; then echo "pg_stat_statements.max = 100000"; fi
            echo "fsync = off"
            echo "full_page_writes = off"
            echo "synchronous_commit = off"
        fi
    } | write_as_server "$home/data/lianxin.conf"
}

# Roles, passwords and the database; changes nothing where they stand already.
bootstrap() {
    local bin=$1 sock=$2 port=$3
    as_server "$bin/psql" -X -q -v ON_ERROR_STOP=1 -h "$sock" -p "$port" -U postgres -d postgres -f - >/dev/null <<SQL
SET client_min_messages = warning;
SELECT format('CREATE ROLE %I', name) FROM unnest('{lianxin_owner,lianxin_app}'::text[]) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \\gexec
ALTER ROLE postgres PASSWORD '$(secret superuser)';
ALTER ROLE lianxin_owner LOGIN PASSWORD '$(secret owner)';
ALTER ROLE lianxin_app LOGIN PASSWORD '$(secret app)';
SELECT 'CREATE DATABASE lianxin OWNER lianxin_owner TEMPLATE template0 ENCODING ''UTF8'''
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'lianxin') \\gexec
SELECT 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements'
 WHERE current_setting('shared_preload_libraries') = 'pg_stat_statements' \\gexec
SQL
}

# Written in one piece, so that nobody reads half a file.
write_private() {
    (umask 077 && cat >"$1.new" && mv "$1.new" "$1")
}

# kind: kept or throwaway
start_cluster() {
    local kind=$1 bin sock port pid args log attempt
    make_home "$kind"
    bin=$(server_for_cluster)
    # Whoever starts at the same time waits here.
    exec 8<>"$dir/pg.lock"
    for attempt in $(seq 1 240); do
        if take_lock 8; then break; fi
        [ "$attempt" -lt 240 ] || die "another start of the cluster in $dir has not finished for two minutes."
        sleep 0.5
    done

    if [ ! -s "$dir/pg-secrets" ]; then
        printf 'superuser=%s\nowner=%s\napp=%s\n' "$(random_hex)" "$(random_hex)" "$(random_hex)" |
            write_private "$dir/pg-secrets"
    fi
    [ -f "$home/data/PG_VERSION" ] || initialise "$bin" "$kind"

    log=$home/server.log
    if pid=$(running_pid); then
        port=$(as_server sed -n 4p "$home/data/postmaster.pid")
        sock=$(as_server sed -n 5p "$home/data/postmaster.pid")
    else
        sock=$(socket_folder)
        port=$(kept_port)
        if [ -z "$port" ] || port_answers "$port"; then port=$(free_port); fi
        as_server sh -c '[ ! -f "$1" ] || mv "$1" "$1.1"' sh "$log"
        for attempt in $(seq 1 60); do
            pid=$(pid_in_file)
            # The number of a killed server may have gone to another process of the same user, and
            # postgres would then refuse to start. It still checks shared memory, so no two run.
            if [ -n "$pid" ] && args=$(process_args "$pid") && [ -n "$args" ] && ! running_pid >/dev/null; then
                as_server rm -f "$home/data/postmaster.pid"
            fi
            configure "$port" "$sock" "$(preload_library "$bin")" "$kind"
            # pg_ctl puts the server in a session of its own: Ctrl-C ends the API first. No descriptor
            # of ours goes along, or locks and pipes would live as long as the server.
            if (
                for fd in 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do eval "exec $fd>&-"; done
                LC_ALL=C as_server "$bin/pg_ctl" start -s -w -t 300 -D "$home/data" -l "$log" </dev/null >/dev/null 2>&1
            ); then
                break
            fi
            args=$(as_server tail -n 20 "$log" 2>/dev/null || true)
            case $args in
                *"could not bind"* | *"could not create any TCP/IP"*) port=$(free_port) ;;
                # The last processes of a killed server are still leaving.
                *"pre-existing shared memory"* | *"lock file"*"already exists"*) sleep 0.5 ;;
                *) die "PostgreSQL did not start; the end of $log:"$'\n'"$args" ;;
            esac
            [ "$attempt" -lt 60 ] || die "PostgreSQL did not start; the end of $log:"$'\n'"$args"
            as_server sh -c ': >"$1"' sh "$log"
        done
    fi

    bootstrap "$bin" "$sock" "$port"
    write_private "$dir/pg.env" <<ENV
DATABASE_URL=postgres://lianxin_app:$(secret app)@127.0.0.1:$port/lianxin
LIANXIN_OWNER_URL=postgres://lianxin_owner:$(secret owner)@127.0.0.1:$port/lianxin
LIANXIN_SUPERUSER_URL=postgres://postgres:$(secret superuser)@127.0.0.1:$port/postgres
ENV
    exec 8>&-
}

# signal: INT disconnects clients and checkpoints; QUIT just ends (for what is thrown away).
stop_cluster() {
    local pid seconds=60 waited=0
    pid=$(running_pid) || return 0
    kill "-$1" "$pid" 2>/dev/null || true
    while process_alive "$pid"; do
        sleep 0.1
        waited=$((waited + 1))
        if [ "$waited" = $((seconds * 10)) ]; then
            say "PostgreSQL (pid $pid) did not stop in $seconds s: ending it without a checkpoint (it will recover by itself)."
            kill -QUIT "$pid" 2>/dev/null || true
        elif [ "$waited" -gt $((seconds * 20)) ]; then
            die "PostgreSQL (pid $pid) does not stop."
        fi
    done
}

forget_socket_folder() {
    if [ -f "$home/sock-elsewhere" ] || as_server test -f "$home/sock-elsewhere"; then
        as_server sh -c 'rm -rf "$(cat "$1")" "$1"' sh "$home/sock-elsewhere"
    fi
}

# ---------------------------------------------------------------------------------- commands

command_start() {
    mkdir -p "$1"
    locate "$1"
    start_cluster kept
}

command_stop() {
    locate "$1" || return 0
    [ -d "$home" ] || return 0
    stop_cluster INT
    forget_socket_folder
}

command_status() {
    local pid
    if locate "$1" && [ -d "$home" ] && pid=$(running_pid); then
        echo "running: pid $pid, port $(as_server sed -n 4p "$home/data/postmaster.pid"), data in $home/data"
    else
        echo "not running"
        exit 3
    fi
}

command_env() {
    [ -r "$1/pg.env" ] || die "$1 has no pg.env yet: scripts/postgres.sh start $1"
    cat "$1/pg.env"
}

# DATABASE_URL and its companions from a pg.env; the values hold neither blanks nor quotes.
export_env() {
    local line
    while read -r line; do
        # shellcheck disable=SC2163 # the line is NAME=value
        export "$line"
    done <"$1/pg.env"
}

remove_temporary() {
    trap '' INT TERM HUP
    if [ -d "$1/pg" ] && locate "$1"; then
        stop_cluster QUIT
        forget_socket_folder
    fi
    rm -rf "$1"
}

# What a killed with-temporary left behind.
sweep_temporary() {
    local left owner
    for left in "$1"/lianxin-pg.*; do
        if [ -O "$left" ] && [ -s "$left/owner" ]; then
            owner=$(cat "$left/owner")
            process_alive "$owner" || (remove_temporary "$left") || true
        fi
    done
}

command_with_temporary() {
    local base=${TMPDIR:-/tmp} status=0
    [ "${1-}" != -- ] || shift
    [ $# -gt 0 ] || die "with-temporary -- CMD…"
    base=${base%/}
    if [ "$(id -u)" = 0 ]; then
        # The server's user must be able to enter it.
        choose_account
        as_server test -x "$base" || base=/tmp
    fi
    sweep_temporary "$base"
    temporary=$(mktemp -d "$base/lianxin-pg.XXXXXX")
    trap 'remove_temporary "$temporary"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    echo $$ >"$temporary/owner"
    chmod 711 "$temporary"
    home="" account=""
    locate "$temporary"
    start_cluster throwaway
    export_env "$temporary"
    run_group "$@" || status=$?
    exit "$status"
}

usage() { sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

main() {
    local command=${1-}
    [ $# = 0 ] || shift
    case $command in
        find) find_server ;;
        start | stop | status | env) [ $# = 1 ] || usage; "command_$command" "$1" ;;
        with-temporary) command_with_temporary "$@" ;;
        *) usage ;;
    esac
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then main "$@"; fi
