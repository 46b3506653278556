#!/usr/bin/env bash
# make contract: the linters, a generated client and a fuzzer hold the OpenAPI document against
# itself and against a throwaway server with the demonstration city.
# Their tools go into .venv and contract/node_modules, at the versions committed under contract/.
set -euo pipefail

here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/.."

need() { command -v "$1" >/dev/null || { printf 'contract.sh: %s was not found (%s).\n' "$1" "$2" >&2; exit 1; }; }
step() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }

document=openapi/openapi.json
tools=contract/node_modules/.bin
failed=()

install_tools() {
    need python3 "Python 3.10 or newer"
    need node "Node.js 20.19 or newer"
    need npm "it comes with Node.js"
    [ -x .venv/bin/python ] || python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check -r contract/requirements.txt
    if ! cmp -s contract/package-lock.json contract/node_modules/.installed; then
        npm ci --prefix contract --no-audit --no-fund --loglevel=error
        cp contract/package-lock.json contract/node_modules/.installed
    fi
}

# check NAME CMD…: runs it; a failure is remembered, so that one run reports everything.
check() {
    local name=$1
    shift
    step "$name"
    if "$@"; then return 0; fi
    failed+=("$name")
}

spectral() { "$tools/spectral" lint --ruleset contract/spectral.yaml --fail-severity=hint "$document"; }

redocly() {
    (cd contract && REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true \
        node_modules/.bin/redocly lint --config redocly.yaml --format=stylish "../$document")
}

# From the root: beside redocly.yaml the generator would lint first.
client() {
    "$tools/openapi-typescript" "$document" -o contract/api.d.ts &&
        "$tools/tsc" -p contract/tsconfig.json &&
        node contract/build/client.js
}

# Every id that the document gives as an example is there in the demonstration city.
examples() { PYTHONPATH=$PWD PYTHONDONTWRITEBYTECODE=1 .venv/bin/python contract/examples.py "$document"; }

fuzzer() {
    PYTHONPATH=$PWD PYTHONDONTWRITEBYTECODE=1 .venv/bin/schemathesis \
        --config-file contract/schemathesis.toml run "$document" --url "$BASE_URL" --no-color "$@"
}

report() {
    if [ "${#failed[@]}" -gt 0 ]; then
        printf '\nNOT in order: %s\n' "${failed[*]}" >&2
        exit 1
    fi
}

if [ "${1-}" = --inside ]; then
    shift
    check client client
    check examples examples
    check schemathesis fuzzer "$@"
    report
else
    step "tools"
    install_tools
    check spectral spectral
    check redocly redocly
    # The limits would only slow the fuzzer down; they have tests of their own.
    export LIANXIN_RATE_LIMIT=0
    step "server"
    scripts/with-server.sh -- scripts/contract.sh --inside "$@" || failed+=("client or schemathesis")
    report
    printf '\nThe server keeps what the document promises.\n'
fi
