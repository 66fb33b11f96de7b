# Functions that script/serve, script/test and script/bench share. Sourced, never run.
# Each script has `set -euo pipefail` and stands in the top folder of the checkout when it calls them.

VENV=.venv
LOCKS=script/requirements

say() { printf '%s\n' "$*" >&2; }

# Runs one long step so that SIGTERM or Ctrl-C ends it at once and leaves no orphan: bash itself would wait for it.
step() {
    local pid status=0
    # A process group of its own: the step's children (pip starts some) end with it.
    set -m
    "$@" &
    pid=$!
    set +m
    trap 'kill -- -'$pid' 2>/dev/null || true; wait '$pid' || true; exit 143' TERM INT
    wait "$pid" || status=$?
    trap - TERM INT
    return $status
}

# --- system packages -------------------------------------------------------------------------------------------

# Prints those of the named Debian packages that are not installed.
missing_packages() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s ' "$package"
    done
}

# Prints what to put before a command that needs root ("" as root, "sudo" where it asks no password); fails otherwise.
as_root() {
    if [ "$(id -u)" = 0 ]; then return 0; fi
    if sudo -n true 2>/dev/null; then echo "sudo -n"; return 0; fi
    return 1
}

# Installs the named Debian packages where they are missing, or prints the one command that would, and stops.
need_packages() {
    local missing sudo
    if ! command -v dpkg-query >/dev/null; then
        say "Not Debian or Ubuntu: install the equivalents of these yourself: $*"
        return 0
    fi
    missing=$(missing_packages "$@")
    if [ -z "$missing" ]; then return 0; fi
    if ! sudo=$(as_root); then
        say "System packages are missing. Install them, then start again:"
        say "    sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing"
        exit 1
    fi
    say "Installing system packages: $missing"
    # A broken third-party source must not stop us: if our own packages cannot be had, the install says so.
    $sudo apt-get update -qq >&2 || say "apt-get update reported errors; going on"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends $missing >&2
}

# --- Python ----------------------------------------------------------------------------------------------------

# Prints a Python of at least 3.11; fails if there is none.
find_python() {
    local python
    for python in python3 python3.11 python3.12 python3.13 python3.14; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$python"
            return 0
        fi
    done
    return 1
}

# Makes $VENV if there is none that works.
ensure_venv() {
    local python
    if "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then return 0; fi
    if ! python=$(find_python); then
        need_packages python3 python3-venv
        python=$(find_python) || { say "Python 3.11 or later is needed, and this system's own is older."; exit 1; }
    fi
    # Debian ships Python without the part that makes virtual environments.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        need_packages "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
    say "Making a Python environment in $VENV"
    rm -rf "$VENV"
    step "$python" -m venv "$VENV"
}

# pip for what is locked: exactly those versions, each file with a known hash, no code of a package run to install it.
install_locked() {
    step "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: "$@" >&2
}

# Installs the locked packages and the checkout itself (editable), unless that was done from the same files before.
# Usage: ensure_python_packages NAME [LOCK]   (NAME: whose stamp; LOCK: "dev" for what the tests need besides)
ensure_python_packages() {
    local stamp="$VENV/.installed-$1" lock want locks=()
    ensure_venv
    for lock in site ${2:-}; do locks+=("$LOCKS/$lock.txt"); done
    # The path is part of the stamp: an environment that was moved or copied points at the old place.
    want=$(cat setup.cfg pyproject.toml "${locks[@]}" - <<<"$PWD" | sha256sum)
    if [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && [ -x "$VENV/bin/matcher" ]; then return 0; fi
    say "Installing Python packages"
    install_locked "${locks[@]/#/--requirement=}"
    # Without isolation the locked setuptools builds it; with it pip would fetch whatever is newest.
    step "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . >&2
    printf '%s\n' "$want" >"$stamp"
}

# Installs the engines that the benchmarks are compared with. Where they cannot be had together, one by one: a peer
# that has no build for this machine is skipped aloud and takes no other with it.
ensure_peers() {
    local stamp="$VENV/.installed-peers" lock="$LOCKS/bench.txt" want name alone
    want=$(cat "$lock" - <<<"$PWD" | sha256sum)
    if [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then return 0; fi
    say "Installing the engines to compare with"
    if ! install_locked --requirement="$lock"; then
        alone=$(mktemp)
        for name in $(sed -nE 's/^([a-z0-9][a-z0-9._-]*)==.*/\1/p' "$lock" | sort -u); do
            # The lines of this package: its version (or versions, by Python) and the hashes that follow.
            awk -v name="$name" '/^[^ #]/ { ours = index($0, name "==") == 1 } ours' "$lock" >"$alone"
            install_locked --requirement="$alone" || say "SKIPPED: $name cannot be installed here"
        done
        rm -f "$alone"
    fi
    printf '%s\n' "$want" >"$stamp"
}

# --- fonts -----------------------------------------------------------------------------------------------------

# Fandol (the letters' 仿宋, 宋体, 黑体, 楷体) exists in Debian only inside a large TeX package: its six files and their
# COPYING are taken out of it, without installing it, into a folder that fontconfig searches of its own accord.
# As root that is the folder for all users, since the server may run as another one.
ensure_fandol() {
    local fonts temp
    if [ "$(id -u)" = 0 ]; then
        fonts=/usr/local/share/fonts/fandol
    else
        fonts="${XDG_DATA_HOME:-$HOME/.local/share}/fonts/fandol"
    fi
    if [ -f "$fonts/FandolFang-Regular.otf" ] || [ -f /usr/local/share/fonts/fandol/FandolFang-Regular.otf ]; then
        return 0
    fi
    say "Fetching the Fandol fonts"
    temp=$(mktemp -d)
    if ! unpack_fandol "$temp" "$fonts"; then
        rm -rf "$temp"
        # A letter in other faces is not the letter: better no site than one that prints such letters.
        say "The Fandol fonts could not be had. Put them in place (where there is no apt: CTAN's fandol), then start again:"
        say "    cd \$(mktemp -d) && sudo apt-get update && apt-get download texlive-lang-chinese && dpkg-deb -x *.deb . &&" \
            "mkdir -p $fonts && find . -name 'Fandol*.otf' -exec cp {} $fonts/ \; && fc-cache -f"
        exit 1
    fi
    rm -rf "$temp"
}

unpack_fandol() {
    local temp=$1 fonts=$2 found
    # Downloading needs no root, but the package lists do; where they are there already this does nothing.
    if ! apt-cache show texlive-lang-chinese >/dev/null 2>&1; then
        local sudo
        sudo=$(as_root) && $sudo apt-get update -qq >&2 || return 1
    fi
    (cd "$temp" && apt-get download -qq texlive-lang-chinese) >&2 || return 1
    dpkg-deb -x "$temp"/texlive-lang-chinese_*.deb "$temp/unpacked" || return 1
    found=$(find "$temp/unpacked" -name FandolFang-Regular.otf -printf '%h' -quit)
    [ -n "$found" ] || return 1
    mkdir -p "$fonts"
    find "$temp/unpacked" -path '*fandol*' -name 'COPYING*' -exec cp {} "$fonts/" \;
    cp "$temp/unpacked/usr/share/doc/texlive-lang-chinese/copyright" "$fonts/copyright"
    # 仿宋 last: its being there is what says that the set is complete.
    cp "$found"/Fandol{Hei,Kai,Song}-*.otf "$found/FandolFang-Regular.otf" "$fonts/"
    fc-cache -f "$fonts"
}

# --- all that the site itself needs ----------------------------------------------------------------------------

# Pango and HarfBuzz set the letters (without libharfbuzz-subset0 a letter takes seconds instead of milliseconds).
SITE_PACKAGES=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk fonts-lxgw-wenkai)

ensure_site() {
    need_packages "${SITE_PACKAGES[@]}"
    ensure_fandol
}
