#!/usr/bin/env bash
# Measures the bridge beside the bare client, by turns against one server, and prints tables. Takes some minutes; leave the
# machine alone meanwhile.
#   scripts/nats_figures.sh [--rounds=N]
# N rounds for each figure after one for the compilers; 5 unless given.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/java21.sh
scripts/install_test_servers.sh

mvn -B -ntp -q -f build -pl ../nats -am test-compile dependency:build-classpath \
    -Dmdep.includeScope=test -Dmdep.outputFile=target/classpath
exec "$JAVA" -Djava.util.logging.config.file=soak/logging.properties \
    -cp "nats/target/test-classes:nats/target/classes:target/classes:$(cat nats/target/classpath)" \
    dev.rustyonions.bus.nats.NatsFigures "$@"
