#!/usr/bin/env bash
# Copies found among the same planted documents by Preuve, datasketch and rensa, in one run.
#
# usage: bench/compare_lineage.sh [DOCUMENTS] [SEED]      10000 and 1 without arguments; datasketch needs minutes for 50000
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
cd "$root"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}"
environment="$CARGO_TARGET_DIR/bench/minhash"
documents="${1:-10000}"
seed="${2:-1}"
if ! [ -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet 'datasketch==2.0.0' 'rensa==0.5.0'
fi
cargo build --release --quiet -p preuve-examine --example reuse
reuse="$CARGO_TARGET_DIR/release/examples/reuse"
"$reuse" write "$documents" "$seed" > "$CARGO_TARGET_DIR/bench/planted.jsonl"
echo "== preuve (two threads)"
"$reuse" "$documents" "$seed" 2
for peer in rensa datasketch; do
    echo "== $peer"
    "$environment/bin/python" bench/compare_lineage.py "$peer" "$CARGO_TARGET_DIR/bench/planted.jsonl"
done
