#!/usr/bin/env bash
# DKIM verification by Preuve, mail-auth (pure-Rust cryptography) and dkimpy, on the same messages in one run, one core
# each: a table of speeds, and agreement on honest mail of every key, canonicalisation and folding.
#
# usage: bench/compare_mail.sh [MESSAGES] [BYTES] [HONEST]      2000, 5000 and 300 without arguments
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
cd "$root"
target="${CARGO_TARGET_DIR:-$root/target}/bench"
messages="${1:-2000}"
bytes="${2:-5000}"
honest="${3:-300}"
environment="$target/dkimpy"
if ! "$environment/bin/python" -c 'import dkim, nacl' 2> /dev/null; then
    python3 -m venv --clear "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check 'dkimpy==1.1.8' 'PyNaCl==1.5.0'
fi
CARGO_TARGET_DIR="$target/mail_peers" cargo build --release --locked --quiet --manifest-path bench/mail_peers/Cargo.toml
peers="$target/mail_peers/release/mail-peers"
rm -rf "$target/mail" "$target/honest"
"$peers" write "$target/mail" "$messages" "$bytes"
"$peers" honest "$target/honest" "$honest"

# Lines `NAME<TAB>RATE<TAB>VERIFIED`, ours first, as a table.
table() {
    awk -F '\t' '
        NR == 1 { ours = $2; printf "| %-10s | %23s | %8s | %9s |\n|---|--:|--:|--:|\n", "", "messages per CPU-second", "verified", "Preuve is" }
        { printf "| %-10s | %23.0f | %8d | %8.1fx |\n", $1, $2, $3, ours / $2 }'
}

echo "== speed: $messages messages of $bytes bytes, RSA-2048, relaxed/relaxed, one core, the best of five rounds"
{
    "$peers" preuve "$target/mail"
    "$peers" mail-auth "$target/mail"
    "$environment/bin/python" bench/compare_mail.py speed "$target/mail"
} | table
echo "== agreement on $honest honest messages of every form"
"$peers" agree "$honest"
"$environment/bin/python" bench/compare_mail.py honest "$target/honest"
