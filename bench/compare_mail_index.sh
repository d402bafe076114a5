#!/usr/bin/env bash
# A mail folder read by Preuve (verified, threaded, held against itself, stored in a case), mu and notmuch, in one run
# on the same files: a table of seconds, processor seconds and peak memory. mu and notmuch index words and verify
# nothing. Needs the Debian packages maildir-utils, notmuch and time.
#
# usage: bench/compare_mail_index.sh [MESSAGES] [KILOBYTES]      10000 and 30 without arguments
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
cd "$root"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}"
messages="${1:-10000}"
kilobytes="${2:-30}"
place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT
cargo build --release --locked --quiet -p preuve -p preuve-testkit --example mailbox --bin preuve
"$CARGO_TARGET_DIR/release/examples/mailbox" "$place" "$messages" "$kilobytes" rsa maildir
mkdir -p "$place/Maildir/new" "$place/Maildir/tmp"
preuve="$CARGO_TARGET_DIR/release/preuve"
export NOTMUCH_CONFIG="$place/notmuch-config"
printf '[database]\npath=%s\n[user]\nname=x\nprimary_email=x@y.example\n[new]\ntags=\nignore=\n' "$place/Maildir" > "$NOTMUCH_CONFIG"
mu init --quiet --muhome "$place/mu" --maildir "$place/Maildir" > "$place/out"

# Run a command and keep a line `NAME<TAB>SECONDS<TAB>USER<TAB>SYSTEM<TAB>KIB` of what it took.
timed() {
    local name="$1"
    shift
    if ! /usr/bin/time --quiet -o "$place/took" -f '%e\t%U\t%S\t%M' "$@" > "$place/out" 2> "$place/told"; then
        echo "$name failed:" >&2
        tail -5 "$place/told" >&2
        exit 1
    fi
    printf '%s\t%s\n' "$name" "$(cat "$place/took")" >> "$place/lines"
}

cat "$place"/Maildir/cur/* > /dev/null
timed "mu index" mu index --quiet --muhome "$place/mu"
timed "notmuch new" notmuch new --quiet
timed "preuve authenticate --case --in-place" \
    "$preuve" authenticate "$place/Maildir" --keys "$place/keys.txt" --case "$place/case" --in-place --format jsonl
timed "preuve authenticate" "$preuve" authenticate "$place/Maildir" --keys "$place/keys.txt" --format jsonl
timed "preuve authenticate --no-context" \
    "$preuve" authenticate "$place/Maildir" --keys "$place/keys.txt" --no-context --format jsonl

echo "== $messages messages of $kilobytes KB, in the page cache, $(nproc) processors; $(mu --version | head -1); $(notmuch --version)"
awk -F '\t' '
    BEGIN { printf "| %-37s | %7s | %11s | %9s | %13s |\n|---|--:|--:|--:|--:|\n", "", "seconds", "CPU seconds", "peak MB", "CPU beside mu" }
    { cpu = $3 + $4 }
    NR == 1 { mu = cpu }
    { printf "| %-37s | %7.1f | %11.1f | %9.0f | %12.2fx |\n", $1, $2, cpu, $5 * 1024 / 1e6, cpu / mu }' "$place/lines"
