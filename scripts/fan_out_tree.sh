#!/usr/bin/env bash
# Runs the simulated tree of a thousand nodes and prints loss and delay by level. Ends with 1 if an account does not balance.
#   scripts/fan_out_tree.sh [--seed=N]
# The same seed gives the same output on every machine; 1 unless given.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/java21.sh

mvn -B -ntp -q -f build -pl ../nats -am test-compile dependency:build-classpath \
    -Dmdep.includeScope=test -Dmdep.outputFile=target/classpath
exec "$JAVA" -Djava.util.logging.config.file=soak/logging.properties \
    -cp "nats/target/test-classes:nats/target/classes:target/classes:$(cat nats/target/classpath)" \
    dev.rustyonions.bus.nats.FanOutTree "$@"
