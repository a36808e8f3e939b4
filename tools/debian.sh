#!/usr/bin/env bash
# Installs the Debian packages that the tests use, when it may; says in one line what is missing.
set -uo pipefail
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null && exit 0

cannot() {
    echo "Chromium cannot be installed here ($1): the browser tests will be skipped."
    echo "To run them: sudo apt-get update && sudo apt-get install chromium"
    exit 0
}

command -v apt-get >/dev/null || cannot "there is no apt-get"
[ "$(id -u)" = 0 ] || cannot "not root"
began=$SECONDS
echo "Installing Chromium with apt-get (once)…"
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update -q && apt-get install -q -y --no-install-recommends chromium fonts-dejavu-core; } >"$log" 2>&1; then
    tail -3 "$log" >&2
    rm -f "$log"
    cannot "apt-get failed"
fi
rm -f "$log"
echo "Installed Chromium ($((SECONDS - began)) s)."
