#!/usr/bin/env bash
# Writes the public and protected surface of each published artifact into api/, which verify holds the build against.
# Look at the difference before it is committed: CONTRIBUTING.md says what a version may change.
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -ntp -q -f build -pl ../release -am -Paccept-api -Dmaven.test.skip=true process-classes
git diff --stat -- api
