#!/usr/bin/env bash
# Installs the servers that tests of the satellites run against, where they are missing and it may: Debian's nats-server.
# Ends with 1 and says what to install where it may not.
set -euo pipefail

PATH=$PATH:/usr/sbin
packages=()
command -v nats-server >/dev/null || packages+=(nats-server)

if [ ${#packages[@]} -gt 0 ]; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo -n)
    fi
    if ! command -v apt-get >/dev/null || ! "${as_root[@]}" true 2>/dev/null; then
        echo "not on the PATH; install Debian's packages: ${packages[*]}" >&2
        exit 1
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi
