#!/usr/bin/env bash
# Installs the browser that the console's tests drive where it is missing and may be installed.
# Ends with 1 and says what to install where it may not.
set -euo pipefail
exec "$(dirname "$0")/install_packages.sh" chromium=chromium chromedriver=chromium-driver
