#!/usr/bin/env bash
# Builds the demo and runs it: live events of its own JVM, several receivers, and an account at the end.
# Arguments go to the demo; --help lists them.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/java21.sh
. scripts/build-demo.sh

terminal=false
if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then
    terminal=true
fi
# A small heap, so that the garbage collector has pauses to report.
exec "$JAVA" -Xmx128m -Xmn16m -Ddemo.terminal=$terminal -p "$MODULES" \
    -m dev.rustyonions.bus.demo/dev.rustyonions.bus.demo.Demo "$@"
