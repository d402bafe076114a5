#!/bin/sh
# Makes docs/report.png, the picture of the README: the first card of the demo case's report, light, 1280 wide.
# Wants cargo and chromium. Nothing is fetched. `PREUVE=path` takes a program that is built already.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -n "${PREUVE:-}" ]; then
  "$PREUVE" examine --demo --out "$work/report"
else
  cargo run --quiet --release --manifest-path "$root/Cargo.toml" -p preuve -- examine --demo --out "$work/report"
fi
# A frame, because a picture taken of the page itself does not follow the part behind `#`.
cat > "$work/report/frame.html" <<'FRAME'
<!doctype html><style>body{margin:0}iframe{border:0;width:1280px;height:1180px;display:block}</style>
<iframe src="report.html#c1"></iframe>
FRAME
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run \
  --disable-background-networking --disable-component-update --user-data-dir="$work/profile" \
  --allow-file-access-from-files --blink-settings=preferredColorScheme=1 --force-prefers-reduced-motion \
  --window-size=1280,1180 --screenshot="$root/docs/report.png" "file://$work/report/frame.html"
ls -l "$root/docs/report.png"
