#!/bin/sh
# Writes constraints.txt from what is installed in .venv: exact versions, no hashes, no addresses.
set -eu
pip=.venv/bin/pip
setuptools=$(grep '^setuptools==' constraints.txt || true)
"$pip" --disable-pip-version-check freeze --exclude-editable --exclude setuptools >constraints.txt.new
"$pip" --disable-pip-version-check list --format=freeze | grep '^pip==' >>constraints.txt.new
[ -z "$setuptools" ] || echo "$setuptools" >>constraints.txt.new
LC_ALL=C sort -fu -o constraints.txt.new constraints.txt.new
{
    echo "# Exact versions that 'make install' and the container image are built with; written by 'make lock'."
    echo "# Ranges and reasons stand in pyproject.toml. setuptools is the build's own."
    cat constraints.txt.new
} >constraints.txt
rm constraints.txt.new
