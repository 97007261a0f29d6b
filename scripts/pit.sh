#!/usr/bin/env bash
# Mutates the configuration and the accounting, and fails if the tests catch fewer than nine in ten mutants.
# Report: target/pit-reports/index.html. Runs on the class path: patched modules are beyond the tool. Maven runs on
# the JDK of the tests here, because the tool loads them into its own JVM and starts others like it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/java21.sh
JAVA_HOME=$(dirname "$(dirname "$JAVA")")
export JAVA_HOME
exec mvn -B -ntp test-compile org.pitest:pitest-maven:mutationCoverage "$@"
