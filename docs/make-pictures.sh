#!/bin/sh
# Makes docs/report.png, the picture of the README: the first card of the demo case's report, light, 1280 wide.
# Wants: cargo, chromium. Nothing is fetched.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run --quiet --release --manifest-path "$root/Cargo.toml" -p preuve -- examine --demo --out "$work/report"
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run \
  --disable-background-networking --disable-component-update --user-data-dir="$work/profile" \
  --blink-settings=preferredColorScheme=1 --force-prefers-reduced-motion --window-size=1280,1180 \
  --screenshot="$root/docs/report.png" "file://$work/report/report.html#c1"
ls -l "$root/docs/report.png"
