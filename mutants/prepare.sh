#!/usr/bin/env bash
# Builds, in the control, what harnesses outside the library's own suite need.
set -euo pipefail
mvn -B -ntp -q -f build -pl ../jcstress,../lincheck,../soak -am package -DskipTests -Dapidocs.skip=true
# What runs the tests is fetched when the first are run, and the harnesses are offline.
mvn -B -ntp -q toolchains:select-jdk-toolchain@install-a-jdk-of-this-version surefire:test \
    -Dtest=PerMinuteTest -Dsurefire.failIfNoSpecifiedTests=true
