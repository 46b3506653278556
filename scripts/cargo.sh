# shellcheck shell=bash
# For the scripts that need cargo or the program itself; they source it after postgres.sh.
#
# LIANXIN_BIN names a finished program: then nothing is built.

# One message, before anything was started.
need_cargo() {
    local toolchain
    if ! command -v cargo >/dev/null && [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
        PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
        export PATH
    fi
    command -v cargo >/dev/null ||
        die "cargo was not found. Install Rust 1.95 or newer (https://rustup.rs), open a new shell and try again."
    # With another HOME than the one rustup was installed under, its cargo finds no toolchain.
    toolchain=$(dirname "$(dirname "$(dirname "$(command -v cargo)")")")/.rustup
    if [ -z "${RUSTUP_HOME-}" ] && [ ! -d "$HOME/.rustup" ] && [ -d "$toolchain" ]; then
        export RUSTUP_HOME=$toolchain
    fi
    command -v cc >/dev/null || command -v gcc >/dev/null || command -v clang >/dev/null ||
        die "no C compiler was found, which the cryptography library needs. Debian, Ubuntu: apt-get install build-essential; macOS: xcode-select --install."
}

# Builds the program for profile "release" or "dev" and puts its path into $binary.
build_lianxin() {
    local profile=$1 folder
    if [ -n "${LIANXIN_BIN-}" ]; then
        case $LIANXIN_BIN in
            */*) binary=$(cd "$(dirname "$LIANXIN_BIN")" && pwd)/$(basename "$LIANXIN_BIN") ;;
            *) binary=$(command -v "$LIANXIN_BIN") ;;
        esac
        [ -x "$binary" ] || die "LIANXIN_BIN=$LIANXIN_BIN is not a program."
        return
    fi
    need_cargo
    # Descriptor 9 is the lock of run.sh; a compiler cache that stays behind must not hold it.
    run_group cargo build --locked --bin lianxin --profile "$profile" 9>&- || return
    folder=$(cargo metadata --format-version 1 --no-deps --locked | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
    [ "$profile" = release ] || profile=debug
    # shellcheck disable=SC2034 # the scripts that source this file use it
    binary=$folder/$profile/lianxin
}
