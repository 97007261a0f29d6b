#!/usr/bin/env bash
# Builds and runs the shortest program that uses the bus: demo/src/main/java/dev/rustyonions/bus/demo/PublishSmoke.java.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/java21.sh
. scripts/build-demo.sh
exec "$JAVA" -p "$MODULES" -m dev.rustyonions.bus.demo/dev.rustyonions.bus.demo.PublishSmoke
