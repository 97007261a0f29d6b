#!/usr/bin/env bash
# Builds the bundle of a release from what is committed, in a folder apart, and holds it against the rules:
#
#   scripts/release_bundle.sh FOLDER [option of mvn...]
#
# FOLDER must not exist and has the sources and the build afterwards. The version is that of the commit without
# -SNAPSHOT. No test runs. With the key in MAVEN_GPG_KEY it is signed. Prints the path of the bundle.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${1:?"usage: scripts/release_bundle.sh FOLDER [option of mvn...]"}
shift
mkdir "$folder"
git archive HEAD | tar -x -C "$folder"
cd "$folder"
version=$(sed -n 's:^  <version>\(.*\)</version>$:\1:p' build/pom.xml | head -n 1)
version=${version%-SNAPSHOT}
scripts/set_version.sh "$version" >&2
mvn -B -ntp -q -f build -pl ../release -am -Prelease -Dmaven.test.skip=true -Dformat.skip=true "$@" verify >&2
echo "$PWD/release/target/ron-bus-$version-bundle.zip"
