#!/usr/bin/env bash
# Runs the named tests on classes that are compiled already, to the first failure:
#     surefire.sh 'pattern,pattern' [option of Maven]...
set -euo pipefail
exec mvn -B -ntp -o -q -Dstyle.color=never toolchains:select-jdk-toolchain@install-a-jdk-of-this-version surefire:test \
    -Dtest="$1" -Dsurefire.failIfNoSpecifiedTests=true -Dsurefire.skipAfterFailureCount=1 \
    -Djunit.jupiter.execution.timeout.default=8s "${@:2}"
