#!/usr/bin/env bash
# Builds, in the control, what harnesses outside the library's own suite need.
set -euo pipefail
mvn -B -ntp -q -f build -pl ../jcstress,../lincheck,../soak -am package -DskipTests -Dapidocs.skip=true
