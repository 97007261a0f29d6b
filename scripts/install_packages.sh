#!/usr/bin/env bash
# Installs packages of Debian whose programs are not on the PATH, as root or by sudo, where it may:
#
#   scripts/install_packages.sh PROGRAM=PACKAGE[,PACKAGE...]...
#
# Ends with 1 and says what to install where it may not.
set -euo pipefail

PATH=$PATH:/usr/sbin
packages=()
for each; do
    if ! command -v "${each%%=*}" >/dev/null; then
        IFS=, read -ra missing <<<"${each#*=}"
        packages+=("${missing[@]}")
    fi
done
[ ${#packages[@]} -gt 0 ] || exit 0

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
    echo "not on the PATH, and they may not be installed from here; install Debian's packages: ${packages[*]}" >&2
    exit 1
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null || exit 1
