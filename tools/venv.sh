#!/usr/bin/env bash
# Usage: tools/venv.sh FOLDER REQUIREMENTS: makes the virtual environment if need be, installs into it.
set -euo pipefail
folder=$1 requirements=$2
recent='import sys; sys.exit(sys.version_info < (3, 11))'

find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11 python3.14 python; do
        if command -v "$name" >/dev/null && "$name" -c "$recent" 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "callbridge needs Python 3.11 or newer; found: $(python3 --version 2>&1 || echo none)." >&2
    echo "Install a newer Python (on Debian: apt-get install python3 python3-venv) and run make again." >&2
    return 1
}

if ! "$folder/bin/python" -c "$recent" 2>/dev/null || ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    if ! said=$("$python" -m venv --clear "$folder" 2>&1); then
        echo "$said" >&2
        echo "Could not make $folder with $python. On Debian: apt-get install python3-venv." >&2
        exit 1
    fi
    echo "Made $folder with $("$folder/bin/python" --version)."
fi

began=$SECONDS
echo "Installing $requirements into $folder (the first time takes a minute or two)…"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! "$folder/bin/python" -m pip install --disable-pip-version-check --no-input -r "$requirements" >"$log" 2>&1; then
    tail -20 "$log" >&2
    echo "Could not install $requirements. Is the package index reachable? Run make again to go on." >&2
    exit 1
fi
count=$("$folder/bin/python" -m pip list --disable-pip-version-check --format=freeze | wc -l)
echo "Installed $requirements: $count packages in $folder ($((SECONDS - began)) s)."
