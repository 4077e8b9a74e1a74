#!/bin/sh
# Prints the Python that `make install` builds the environment with: 3.11 where there is one, else a later 3.x.
set -u
for candidate in "${TANDEM_PYTHON:-}" python3.11 python3 python3.12 python3.13 python3.14; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        command -v "$candidate"
        exit 0
    fi
done
cat >&2 <<'TEXT'
No Python 3.11 or later with the venv module was found.
On Debian: apt-get install python3 python3-venv. Elsewhere, name one: TANDEM_PYTHON=/path/to/python3.11 make install
TEXT
exit 1
