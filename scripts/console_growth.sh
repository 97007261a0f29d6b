#!/usr/bin/env bash
# Keeps a page of the console open for as many readings as there are seconds in so many minutes (default 60), and prints ten times on
# the way what the browser holds after a collection of its garbage. Fails if that grows.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-60}
exec mvn -B -ntp -q -f build -pl ../console -am test -Dtest=ConsoleGrowthTest -DfailIfNoTests=false \
    -Dsurefire.failIfNoSpecifiedTests=false -Dtest.timeout=$((minutes * 90 + 600)) -Dconsole.minutes="$minutes"
