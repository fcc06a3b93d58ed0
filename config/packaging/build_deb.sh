#!/bin/sh
# Builds the Debian package for the Debian that this runs on:
#
#   config/packaging/build_deb.sh [FOLDER [CMAKE OPTION...]]
#
# The package and its checksum go to FOLDER (build-deb). The same commit gives
# the same bytes, wherever and whenever it is built with the same compiler and
# libraries. OC_JOBS limits the compilers that run at once.
set -eu

source=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "${1:-build-deb}"
out=$(cd "${1:-build-deb}" && pwd)
[ $# -eq 0 ] || shift

. /etc/os-release
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$source" log -1 --format=%ct)}
TZ=UTC LC_ALL=C
export SOURCE_DATE_EPOCH TZ LC_ALL
umask 022

# Debian's hardening flags; debugging symbols would be stripped again.
flags() {
  DEB_BUILD_MAINT_OPTIONS='hardening=+all reproducible=-fixfilepath,-fixdebugpath' \
    DEB_CXXFLAGS_MAINT_STRIP=-g dpkg-buildflags --get "$1"
}
# The quotes are for the shell that ninja starts.
quote="'"
CXXFLAGS="$(flags CPPFLAGS) $(flags CXXFLAGS) ${quote}-ffile-prefix-map=$source=.$quote \
  ${quote}-ffile-prefix-map=$out=build$quote" LDFLAGS=$(flags LDFLAGS) \
  cmake -S "$source" -B "$out/tree" -G Ninja -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_SKIP_RPATH=ON -DOC_TESTS=OFF \
  -DOC_PACKAGE_RELEASE="1~deb$VERSION_ID" "$@"
cmake --build "$out/tree" ${OC_JOBS:+-j "$OC_JOBS"}
cpack --config "$out/tree/CPackConfig.cmake" -B "$out"
rm -rf "$out/_CPack_Packages"
