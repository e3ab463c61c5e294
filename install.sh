#!/bin/sh
# Installs a pinned list into .venv, and makes .venv where there is none:
#
#     ./install.sh requirements.txt
#
# The lists are complete, and name a wheel with its hash for everything, so nothing is resolved and
# nothing is built. uv fetches them: the one on PATH, or else the pinned one. Where it does not get
# through, pip fetches the same. PYTHON says which interpreter, VENV another place than .venv.
set -eu
cd "$(dirname "$0")"

venv=${VENV:-.venv}
python=$venv/bin/python
rules='--quiet --no-deps --require-hashes --only-binary :all:'

stop() {
    echo "$*" >&2
    exit 1
}

# is NAME [MODULE]: that is an interpreter we run on, and it has the module
is() {
    "$1" -c "import sys, venv, ${2:-os}; sys.exit(sys.version_info < (3, 11))" 2>/dev/null
}

make_venv() {
    [ ! -L "$python" ] || stop "The Python that $venv was made with is gone. Remove it (make clean) and try again."
    found=
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3 python3.14 python3.13 python3.12 python3.11; fi
    for name in "$@"; do
        # uv needs no pip to begin with, so it also does with a Python that cannot make one.
        if is "$name" ensurepip || { [ -n "$uv" ] && is "$name"; }; then
            "$name" -m venv --without-pip "$venv"
            return
        fi
        if is "$name"; then found=$name; fi
    done
    [ -z "$found" ] || stop "$found has no ensurepip. On Debian and Ubuntu it is in a package of its own:" \
        "apt install python3-venv. Or install uv, which does without."
    [ -z "${PYTHON:-}" ] || stop "PYTHON=$PYTHON is no Python 3.11 or newer."
    stop "Python 3.11 or newer is needed, and none was found on PATH. Install it, or say where it is:" \
        "PYTHON=/path/to/python3 in front of the command."
}

by_pip() {
    # Not there, or too old for this Python: ensurepip brings the one that fits.
    "$python" -m pip list >/dev/null 2>&1 || "$python" -m ensurepip --upgrade >/dev/null 2>&1 ||
        stop "There is no pip for $venv. On Debian and Ubuntu: apt install python3-venv, make clean, and try again."
    # shellcheck disable=SC2086
    "$python" -m pip --disable-pip-version-check install $rules --requirement "$1"
}

by_uv() {
    # shellcheck disable=SC2086
    "$uv" pip install --python "$python" $rules --requirement "$1"
}

uv=$(command -v uv || true)
[ -x "$python" ] || make_venv
echo "installing $1 into $venv"
if [ -z "$uv" ]; then
    uv=$venv/bin/uv
    [ -x "$uv" ] || by_pip requirements-uv.txt || echo 'The pinned uv cannot be had here.' >&2
    # Whoever told pip of an index of their own has not told this uv.
    index=${PIP_INDEX_URL:-$("$python" -m pip config get global.index-url 2>/dev/null || true)}
    [ -z "$index" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
fi
by_uv "$1" || {
    echo 'uv did not get through: pip tries the same, which takes longer.' >&2
    by_pip "$1"
}
