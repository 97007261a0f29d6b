#!/usr/bin/env bash
# Formats every Java source of the library and its satellites, as the build checks it.
set -euo pipefail
cd "$(dirname "$0")/.."
# The parent alone: the goals of a satellite would ask for a library that is built.
exec mvn -B -ntp -q -N -f build -Dformat.action=apply -Dformat.sources="$PWD" \
    toolchains:select-jdk-toolchain@install-a-jdk-of-this-version \
    dependency:copy@formatter exec:exec@format
