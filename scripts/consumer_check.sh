#!/usr/bin/env bash
# Takes the bundle of a release as a stranger would: small projects outside the build, release/consumer, get it from a
# repository that is the unpacked bundle, into a local repository that is empty, and run on the class path, on the module
# path and as a run-time image, without Micrometer and with it:
#
#   scripts/consumer_check.sh [BUNDLE]    builds the bundle of what is committed where none is given
#
# Nothing is downloaded: the usual local repository, MAVEN_REPOSITORY or ~/.m2/repository, serves what others have
# published.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/java21.sh
jdk=$(dirname "$JAVA")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

bundle=${1:-$(scripts/release_bundle.sh "$work/release")}
version=$(basename "$bundle" | sed -E 's/^ron-bus-(.*)-bundle\.zip$/\1/')
usual=$(cd "${MAVEN_REPOSITORY:-$HOME/.m2/repository}" && pwd)
python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])' "$bundle" "$work/staged"
of_pom() { # the value of a property in build/pom.xml
    sed -n "s:.*<$1>\(.*\)</$1>.*:\1:p" build/pom.xml
}
copier=org.apache.maven.plugins:maven-dependency-plugin:$(sed -n \
    '/<artifactId>maven-dependency-plugin</{n;s:.*<version>\(.*\)</version>.*:\1:p}' build/pom.xml)

cat >"$work/settings.xml" <<XML
<settings>
  <mirrors>
    <mirror><id>usual</id><mirrorOf>central</mirrorOf><url>file://$usual</url></mirror>
  </mirrors>
  <profiles>
    <profile>
      <id>staged</id>
      <repositories>
        <repository><id>staged</id><url>file://$work/staged</url></repository>
      </repositories>
    </profile>
  </profiles>
  <activeProfiles><activeProfile>staged</activeProfile></activeProfiles>
</settings>
XML

expect() { # that the command behind $1 prints it and nothing else
    local expected=$1 got
    shift
    got=$("$@" 2>&1) || true
    if [ "$got" != "$expected" ]; then
        printf 'expected "%s" and got "%s" of: %s\n' "$expected" "$got" "$*" >&2
        exit 1
    fi
}

resolve() { # the dependencies of project $1, into its folder lib
    mvn -B -ntp -q -f "release/consumer/$1" -s "$work/settings.xml" -Dmaven.repo.local="$work/repository" \
        -Dron-bus.version="$version" -Dmicrometer.version="$(of_pom micrometer.version)" \
        "$copier:copy-dependencies" -DoutputDirectory="$work/$1/lib" -DincludeScope=runtime
    # Not a copy that somebody has installed on this machine.
    cmp "$work/$1/lib/ron-bus-$version.jar" "$work/staged/dev/rustyonions/ron-bus/$version/ron-bus-$version.jar"
}

compile() { # project $1 on the class path and on the module path
    "$jdk/javac" -d "$work/$1/classes" -Xlint:all -Werror -cp "$work/$1/lib/*" \
        $(find "release/consumer/$1/src" -name '*.java' ! -name module-info.java)
    "$jdk/javac" -d "$work/$1/module" -Xlint:all -Werror -p "$work/$1/lib" \
        $(find "release/consumer/$1/src" -name '*.java')
}

resolve plain
if [ "$(ls "$work/plain/lib")" != "ron-bus-$version.jar" ]; then
    echo "the library brings other jars with it: $(ls "$work/plain/lib" | xargs)" >&2
    exit 1
fi
compile plain
expect "1 2 3 received" "$jdk/java" -cp "$work/plain/classes:$work/plain/lib/*" org.example.plain.Plain
expect "1 2 3 received" "$jdk/java" -p "$work/plain/lib:$work/plain/module" -m org.example.plain/org.example.plain.Plain
"$jdk/jlink" -p "$work/plain/lib:$work/plain/module" --add-modules org.example.plain --output "$work/image"
expect "1 2 3 received" "$work/image/bin/java" -m org.example.plain/org.example.plain.Plain
if [ "$("$work/image/bin/java" --list-modules | sed 's/@.*//' | xargs)" != "dev.rustyonions.bus java.base org.example.plain" ]; then
    echo "the image has other modules: $("$work/image/bin/java" --list-modules | xargs)" >&2
    exit 1
fi
echo "without Micrometer: class path, module path, image"

resolve metered
compile metered
expect "published 1.0" "$jdk/java" -cp "$work/metered/classes:$work/metered/lib/*" org.example.metered.Metered
expect "published 1.0" "$jdk/java" -p "$work/metered/lib:$work/metered/module" \
    -m org.example.metered/org.example.metered.Metered
echo "with Micrometer: class path, module path"

resolve all
for module in bus bus.sse bus.console bus.nats bus.spring; do
    "$jdk/java" -p "$work/all/lib" --describe-module "dev.rustyonions.$module" >"$work/described"
    # A module with a descriptor has the version in it; the starter is an automatic module, whose version is the jar's.
    grep -qE "^dev\.rustyonions\.$module@$version " "$work/described" || {
        echo "the module path of everything has no dev.rustyonions.$module@$version:" >&2
        cat "$work/described" >&2
        exit 1
    }
done
echo "everything at once, $(ls "$work/all/lib" | wc -l) jars: five modules of version $version"
