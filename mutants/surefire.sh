#!/usr/bin/env bash
# Runs the named tests on classes that are compiled already: surefire.sh 'pattern,pattern'
set -euo pipefail
exec mvn -B -ntp -o -q -Dstyle.color=never toolchains:select-jdk-toolchain@install-a-jdk-of-this-version surefire:test \
    -Dtest="$1" -Dsurefire.failIfNoSpecifiedTests=true
