# A PostgreSQL server of our own for the length of one test run. Sourced, never run.
# It lives in a temporary folder, listens on a Unix socket in it and nowhere else, and goes with it on exit.

# start_postgres exports DATABASE_URL_POSTGRES and removes the server when the script ends.
start_postgres() {
    local bin
    # By path: the commands of that name on PATH may be Debian's wrappers or another installation's.
    bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    [ -n "$bin" ] || { say "No PostgreSQL under /usr/lib/postgresql"; exit 1; }
    PG_BIN=$bin
    PG_DIR=$(mktemp -d /tmp/matcher-pg.XXXXXX)
    trap stop_postgres EXIT
    # PostgreSQL refuses to run as root: then it runs as the user that its Debian package made.
    if [ "$(id -u)" = 0 ]; then chown postgres "$PG_DIR"; fi
    pg "$PG_BIN/initdb" -D "$PG_DIR/data" -U matcher -A trust -E UTF8 --locale=C.UTF-8 >"/dev/null"
    # The data is thrown away, so it need not survive a power cut: no fsync.
    pg "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -l "$PG_DIR/log" -w -s \
        -o "-c listen_addresses='' -c unix_socket_directories='$PG_DIR' -c fsync=off" start
    pg "$PG_BIN/createdb" -h "$PG_DIR" -U matcher matcher
    export DATABASE_URL_POSTGRES="postgresql+psycopg://matcher@/matcher?host=$PG_DIR"
}

stop_postgres() {
    pg "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m immediate -s stop 2>/dev/null || true
    rm -rf "$PG_DIR"
}

# Runs a command as somebody PostgreSQL accepts, in a folder that one can read.
pg() {
    if [ "$(id -u)" = 0 ]; then
        (cd /tmp && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}
