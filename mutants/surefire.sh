#!/usr/bin/env bash
# Runs the named tests on classes that are compiled already. A test that does not end fails, even one that loops and cannot
# be interrupted:
#     surefire.sh 'pattern,pattern' [option of Maven]...
set -euo pipefail
exec mvn -B -ntp -o -q -Dron.tests=full -Dstyle.color=never toolchains:select-jdk-toolchain@install-a-jdk-of-this-version surefire:test \
    -Dtest="$1" -Dsurefire.failIfNoSpecifiedTests=true \
    -Djunit.jupiter.execution.timeout.default=8s \
    -Djunit.jupiter.execution.timeout.thread.mode.default=separate_thread "${@:2}"
