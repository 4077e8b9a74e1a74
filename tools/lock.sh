#!/bin/sh
# Writes constraints.txt from what is installed in .venv: exact versions, no hashes, no addresses.
set -eu
pip=.venv/bin/pip
setuptools=$(grep '^setuptools==' constraints.txt || true)
{
    echo "# Exact versions that 'make install' and the container image are built with; written by 'make lock'."
    echo "# Ranges and reasons stand in pyproject.toml. setuptools is the build's own."
    {
        "$pip" --disable-pip-version-check freeze --exclude-editable --exclude setuptools
        "$pip" --disable-pip-version-check list --format=freeze | grep '^pip=='
        [ -z "$setuptools" ] || echo "$setuptools"
    } | LC_ALL=C sort -fu
} >constraints.txt.new
mv constraints.txt.new constraints.txt
