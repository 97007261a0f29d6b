#!/usr/bin/env bash
# Thousands of clients of one feed over loopback, some of which stop reading, break off or are killed, and the same feed written
# without a bus beside it. Arguments go to the program; --help lists them. docs/feeds.md has a run.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/java21.sh

if [ -z "${CROWD_BUILT:-}" ]; then
    mvn -B -ntp -q -f build -pl ../crowd -am package -DskipTests -Dapidocs.skip=true
fi
# Each client is a connection, which takes a file descriptor of its process and one of the server's.
ulimit -n "$(ulimit -Hn)"
exec "$JAVA" -XX:+UseSerialGC -cp 'crowd/target/ron-bus-crowd.jar:crowd/target/libraries/*' dev.rustyonions.bus.crowd.Crowd "$@"
