#!/usr/bin/env bash
# Soaks the library's classes as they stand in target/classes for a few seconds. An account that does not balance, a heap that
# grows and a thread that does not end are failures; that the soak does not start is not. Says so as the memory-model tests do.
set -euo pipefail
. scripts/java21.sh
"$JAVA" -Xmx256m -Xlog:disable -p target/classes:soak/target/ron-bus-soak.jar:soak/target/modules/picocli.jar \
    -m dev.rustyonions.bus.soak/dev.rustyonions.bus.soak.Soak --minutes 0.25 2>&1 \
    | sed 's/^[0-9]* faults, the first of them:/[FAILED] Soak/'
