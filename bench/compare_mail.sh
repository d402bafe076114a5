#!/usr/bin/env bash
# DKIM verification by Preuve, mail-auth (pure-Rust cryptography) and dkimpy: speed on the same messages, one core
# each, and agreement on honest mail of every key, canonicalisation and folding.
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
if ! [ -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet 'dkimpy==1.1.8' 'PyNaCl==1.5.0'
fi
CARGO_TARGET_DIR="$target/mail_peers" cargo build --release --quiet --manifest-path bench/mail_peers/Cargo.toml
peers="$target/mail_peers/release/mail-peers"
rm -rf "$target/mail" "$target/honest"
"$peers" write "$target/mail" "$messages" "$bytes"
"$peers" honest "$target/honest" "$honest"
echo "== speed: $messages messages of $bytes bytes, RSA-2048, relaxed/relaxed"
"$peers" preuve "$target/mail"
"$peers" mail-auth "$target/mail"
"$environment/bin/python" bench/compare_mail.py speed "$target/mail"
echo "== agreement on $honest honest messages"
"$peers" agree "$honest"
"$environment/bin/python" bench/compare_mail.py honest "$target/honest"
