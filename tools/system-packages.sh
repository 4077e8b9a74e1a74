#!/bin/sh
# Installs the Debian packages that the tests marked `system` need, those that are missing only:
# redis-server 7 (a server of today and its cluster mode), chromium (a real browser), and Node.js with npm
# (the carrier's own segment calculator, against which ours is held).
set -u

missing=""
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
if [ -z "$missing" ]; then
    exit 0
fi

refuse() {
    echo "tools/system-packages.sh: $1" >&2
    echo "The tests marked 'system' need:$missing. Install them, or run 'make test', which needs none." >&2
    exit 1
}

command -v apt-get >/dev/null 2>&1 || refuse "there is no apt-get on this system"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || refuse "apt-get needs root, and there is no sudo"
    sudo -n true 2>/dev/null || refuse "apt-get needs root, and sudo asks for a password: run it once as root"
    as_root="sudo"
fi

# A policy of 101 keeps Debian from starting the server: the tests start their own, on sockets of their own.
policy=/usr/sbin/policy-rc.d
kept_policy=1
if [ ! -e "$policy" ]; then
    kept_policy=0
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
fi
finish() {
    [ "$kept_policy" -eq 1 ] || $as_root rm -f "$policy"
}
trap finish EXIT

$as_root apt-get update -qq || refuse "apt-get update failed"
# shellcheck disable=SC2086 - the list is words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
    refuse "apt-get install failed"
