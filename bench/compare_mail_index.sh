#!/usr/bin/env bash
# A mail folder read by Preuve (verified, threaded, held against itself, stored in a case), mu and notmuch, in one
# run on the same files: seconds, processor seconds and peak memory of each. mu and notmuch index words and verify
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
cargo build --release --quiet -p preuve -p preuve-testkit --example mailbox --bin preuve
"$CARGO_TARGET_DIR/release/examples/mailbox" "$place" "$messages" "$kilobytes" rsa maildir
mkdir -p "$place/Maildir/new" "$place/Maildir/tmp"
preuve="$CARGO_TARGET_DIR/release/preuve"
timed() { /usr/bin/time -f '%e s, %U + %S s of processors, %M KiB at most' "$@" > "$place/out" 2> "$place/told" || true; tail -1 "$place/told"; }
cat "$place"/Maildir/cur/* > /dev/null

echo "== $messages messages of $kilobytes KB, in the page cache, $(nproc) processors"
echo "-- preuve authenticate --case --in-place (words too, for \`examine\`)"
timed "$preuve" authenticate "$place/Maildir" --keys "$place/keys.txt" --case "$place/case" --in-place --format jsonl
echo "-- preuve authenticate (nothing is kept)"
timed "$preuve" authenticate "$place/Maildir" --keys "$place/keys.txt" --format jsonl
echo "-- preuve authenticate --no-context"
timed "$preuve" authenticate "$place/Maildir" --keys "$place/keys.txt" --no-context --format jsonl
if command -v mu > /dev/null; then
    mu init --quiet --muhome "$place/mu" --maildir "$place/Maildir"
    echo "-- mu index ($(mu --version | head -1))"
    timed mu index --quiet --muhome "$place/mu"
fi
if command -v notmuch > /dev/null; then
    export NOTMUCH_CONFIG="$place/notmuch-config"
    printf '[database]\npath=%s\n[user]\nname=x\nprimary_email=x@y.example\n[new]\ntags=\nignore=\n' "$place/Maildir" > "$NOTMUCH_CONFIG"
    echo "-- notmuch new ($(notmuch --version))"
    timed notmuch new --quiet
fi
