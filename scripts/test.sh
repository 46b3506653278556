#!/usr/bin/env bash
# What `make test` does: a throwaway PostgreSQL, one migrated template database in it that each test
# clones, all tests. Arguments go to cargo-nextest: scripts/test.sh -E 'test(late_sign_in)'
set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/.."
# shellcheck source=scripts/postgres.sh
. "$here/postgres.sh"
# shellcheck source=scripts/cargo.sh
. "$here/cargo.sh"

other_database() { printf '%s/%s\n' "${1%/*}" "$2"; }

psql_of_server() { "$("$here/postgres.sh" find)/psql" "$@"; }

make_template() {
    local name=lianxin_template
    psql_of_server -X -q -v ON_ERROR_STOP=1 "$LIANXIN_SUPERUSER_URL" \
        -c "CREATE DATABASE $name OWNER lianxin_owner TEMPLATE template0 ENCODING 'UTF8'"
    DATABASE_URL=$(other_database "$DATABASE_URL" "$name") \
        LIANXIN_OWNER_URL=$(other_database "$LIANXIN_OWNER_URL" "$name") "$LIANXIN_TEST_BIN" migrate
    psql_of_server -X -q -v ON_ERROR_STOP=1 "$LIANXIN_SUPERUSER_URL" -c "ALTER DATABASE $name IS_TEMPLATE true"
    # Sign-ins by the thousand: password hashes as cheap as Argon2 allows, in tests only.
    export LIANXIN_ARGON2=test
    export LIANXIN_TEST_TEMPLATE=$name
    export LIANXIN_TEST_ADMIN_URL=$LIANXIN_SUPERUSER_URL
    # Tests put the name of their own clone in place of the database's.
    export LIANXIN_TEST_APP_URL=$DATABASE_URL
    export LIANXIN_TEST_OWNER_URL=$LIANXIN_OWNER_URL
}

# insta notes each snapshot a test compares in this file; what is not in it, no test looks at.
check_snapshots() {
    local unused
    [ -s "$INSTA_SNAPSHOT_REFERENCES_FILE" ] || return 0
    unused=$(find "$PWD/src" "$PWD/tests" -name '*.snap' |
        awk 'NR == FNR { used[$0]; next } !($0 in used)' "$INSTA_SNAPSHOT_REFERENCES_FILE" -)
    [ -z "$unused" ] || die "no test looks at these snapshots; remove them:"$'\n'"$unused"
}

run_tests() {
    local name
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --locked --all-targets "$@"
        return
    fi
    say "cargo-nextest is not installed (cargo install --locked cargo-nextest): using cargo test, which is slower."
    # The one filter that the Makefile uses is the same word there.
    if [ "${1-}" = -E ]; then
        name=$(printf '%s\n' "${2-}" | sed -n 's/^test(\([A-Za-z0-9_:]*\))$/\1/p')
        [ -n "$name" ] || die "cargo test does not understand -E '${2-}': install cargo-nextest."
        shift 2
        set -- "$name" "$@"
    fi
    cargo test --locked --all-targets "$@" -- --test-threads=4
}

inside() {
    make_template
    # A snapshot is accepted by a person (cargo insta review), never by a run.
    export INSTA_UPDATE=${INSTA_UPDATE:-no}
    if [ $# -gt 0 ]; then
        run_tests "$@"
        return
    fi
    INSTA_SNAPSHOT_REFERENCES_FILE=$(mktemp)
    export INSTA_SNAPSHOT_REFERENCES_FILE
    trap 'rm -f "$INSTA_SNAPSHOT_REFERENCES_FILE"' EXIT
    run_tests
    cargo test --locked --doc
    check_snapshots
}

if [ "${1-}" = --inside ]; then
    shift
    inside "$@"
else
    need_cargo
    build_lianxin dev
    export LIANXIN_TEST_BIN=$binary
    exec "$here/postgres.sh" with-temporary -- "$here/test.sh" --inside "$@"
fi
