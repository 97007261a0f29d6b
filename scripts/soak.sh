#!/usr/bin/env bash
# Publishes and receives for some time under every kind of trouble and checks all accounts and the heap at the end.
# Arguments go to the program; --help lists them. scripts/soak.sh --minutes 1440 runs for a day. SOAK_JVM_OPTIONS are more
# options of its JVM, another collector for instance.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/java21.sh

mvn -B -ntp -q -f build -pl ../soak -am package -DskipTests -Dapidocs.skip=true

terminal=false
if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then
    terminal=true
fi
# shellcheck disable=SC2086 # several options are several words
exec "$JAVA" -Xmx256m ${SOAK_JVM_OPTIONS:-} -Xlog:disable -Djava.util.logging.config.file=soak/logging.properties \
    -Dsoak.terminal=$terminal -p soak/target/ron-bus-soak.jar:soak/target/modules \
    -m dev.rustyonions.bus.soak/dev.rustyonions.bus.soak.Soak "$@"
