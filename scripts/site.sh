#!/usr/bin/env bash
# Writes the guide, the other documents and the Javadoc of what is published as pages, and checks every link between them:
#
#   scripts/site.sh FOLDER [HOME]
#
# FOLDER is made if need be; open its index.html. HOME is where the sources can be read, such as the page of a branch; without it
# a link to a source is plain text. Ends with 1 if a link leads nowhere, and names it.
set -euo pipefail
folder=$(realpath -m "${1:?"usage: scripts/site.sh FOLDER [HOME]"}")
cd "$(dirname "$0")/.."
mvn -B -ntp -q -f build -pl ../release -am -Psite -Dmaven.test.skip=true -Dformat.skip=true -Dsite.folder="$folder" \
    -Dsite.home="${2:-}" pre-integration-test
