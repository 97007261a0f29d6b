#!/usr/bin/env bash
# Takes the picture of the console that the documents show, in the browser, from the test that checks it.
set -euo pipefail
cd "$(dirname "$0")/.."
exec mvn -B -ntp -q -f build -pl ../console -am test -Dtest=ConsolePictureTest -DfailIfNoTests=false \
    -Dsurefire.failIfNoSpecifiedTests=false \
    -Dconsole.picture="$PWD/docs/images/console.png"
