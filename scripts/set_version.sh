#!/usr/bin/env bash
# Sets the version of the project in every pom and in the documents that show it: scripts/set_version.sh 0.1.0
set -euo pipefail
cd "$(dirname "$0")/.."

new=${1:-}
if ! [[ $new =~ ^[0-9]+\.[0-9]+\.[0-9]+(-SNAPSHOT)?$ ]]; then
    echo "usage: scripts/set_version.sh VERSION, such as 0.1.0 or 0.2.0-SNAPSHOT; got: \"$new\"" >&2
    exit 2
fi
old=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' build/pom.xml | head -n 1)
escaped=${old//./\\.}

# The line behind a name of ours, in poms and in what documents tell users to write into theirs; and names of jars.
find . \( -name target -o -name '.git' -o -name node_modules \) -prune -o \
    \( -name pom.xml -o -path './docs/*.md' \) -print0 \
    | xargs -0 sed -i -E \
        -e "/<artifactId>ron-bus[a-z-]*<\/artifactId>/{n;s:<version>$escaped</version>:<version>$new</version>:}" \
        -e "s:ron-bus-$escaped\.jar([^.]|\$):ron-bus-$new.jar\1:g"
echo "$old -> $new"
