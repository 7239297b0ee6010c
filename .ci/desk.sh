#!/usr/bin/env bash
# The review desk in a real browser: desk.sh EVIMAP WORKSPACE. Without Chromium it says so, loudly.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
chromium=${CHROMIUM:-$(find_chromium)}
if [ -z "$chromium" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && apt-get install -qqy --no-install-recommends chromium; } >/dev/null 2>&1 || true
    chromium=$(find_chromium)
fi
if [ -z "$chromium" ]; then
    printf '\n!!! THE REVIEW DESK WAS NOT TESTED: there is no Chromium (apt install chromium, or set CHROMIUM) !!!\n\n' >&2
    exit 0
fi
python3 .ci/desk.py "$chromium" "$@"
