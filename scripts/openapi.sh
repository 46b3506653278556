#!/usr/bin/env bash
# Writes openapi/openapi.json from the program, or with --check only compares.
set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/.."
# shellcheck source=scripts/postgres.sh
. "$here/postgres.sh"
# shellcheck source=scripts/cargo.sh
. "$here/cargo.sh"

build_lianxin "${PROFILE:-dev}"
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
# First into another file: a program that fails must not leave an empty document behind.
"$binary" openapi >"$fresh"
if [ "${1-}" = --check ]; then
    diff -u openapi/openapi.json "$fresh" || die "openapi/openapi.json is not what the program says: run make openapi and commit it."
else
    mkdir -p openapi
    cat "$fresh" >openapi/openapi.json
fi
