#!/usr/bin/env bash
# Formats every Java source of the library and its satellites, as the build checks it.
set -euo pipefail
cd "$(dirname "$0")/.."
exec mvn -B -ntp -q -f build -Dformat.action=apply \
    toolchains:select-jdk-toolchain@install-a-jdk-of-this-version \
    dependency:copy@formatter exec:exec@format
