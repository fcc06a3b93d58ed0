# shellcheck shell=bash disable=SC2034 # the lists are read by ./dev
# Set-up for ./dev: packages, Prometheus' programs, builds. Sourced at the top
# of the tree. Installs no service, and does not call apt when nothing is
# missing.

JOBS=${JOBS:-$(nproc)}
LOGS=build/logs
TOOLS=build/tools
MONITORING="prometheus promtool prometheus-alertmanager amtool"

BUILD_PACKAGES=(g++ cmake ninja-build pkg-config libcpp-httplib-dev
  prometheus-cpp-dev rapidjson-dev libyaml-cpp-dev libcli11-dev
  libcurl4-openssl-dev libsqlite3-dev libssl-dev libcrypt-dev zlib1g-dev doctest-dev)
DEMO_PACKAGES=(python3)
TEST_PACKAGES=(python3 python3-yaml openssl curl ca-certificates)
FUZZ_PACKAGES=(clang)
GATE_PACKAGES=(python3 valgrind)
BENCH_PACKAGES=(python3-requests python3-prometheus-client wrk curl openssl)
# One version on both Debians, so that they agree; `clang` is the release's
# own.
LINT_PACKAGES=(python3 clang clang-format-19 clang-tidy-19 shellcheck)

step() { printf '== %s\n' "$*"; }
fail() {
  local code=$1
  shift
  printf 'dev: %s\n' "$*" >&2
  exit "$code"
}

# logged NAME COMMAND...: runs it with its output in build/logs/NAME.log and
# shows the last line of that as progress: in place on a terminal, every 20
# seconds elsewhere. Fails with the end of the log.
logged() {
  local log="$LOGS/$1.log" code=0 reporter
  shift
  mkdir -p "$LOGS"
  : >"$log"
  report_progress "$log" $$ &
  reporter=$!
  "$@" >>"$log" 2>&1 </dev/null || code=$?
  kill "$reporter" 2>/dev/null || true
  wait "$reporter" 2>/dev/null || true
  if [ -t 1 ]; then printf '\r\033[K'; fi
  if [ "$code" -ne 0 ]; then
    tail -n 40 "$log" >&2
    fail 1 "this failed with exit code $code: $* (all of it: $log)"
  fi
}

report_progress() {
  local log=$1 owner=$2 ticks=0 line
  while sleep 1 && kill -0 "$owner" 2>/dev/null; do
    ticks=$((ticks + 1))
    line=$(tail -c 2000 "$log" | tr '\r' '\n' | grep -v '^$' | tail -n 1 | cut -c 1-72 || true)
    if [ -t 1 ]; then
      printf '\r\033[K   %4ds  %s' "$ticks" "$line"
    elif [ $((ticks % 20)) -eq 0 ]; then
      printf '   %4ds  %s\n' "$ticks" "$line"
    fi
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -y "$@"; }

# Installing packages alone needs root. Says what to do without it.
need_root() {
  if [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null; then return; fi
  fail 1 "$1; run this as root or install sudo, or do by hand: $2"
}

need_packages() {
  local package missing=()
  command -v dpkg-query >/dev/null || fail 1 "this script sets up Debian; elsewhere install what BUILD_PACKAGES in tests/tools/setup.sh names"
  for package in "$@"; do
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
      missing+=("$package")
    fi
  done
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  need_root "packages are missing" "apt-get install --no-install-recommends ${missing[*]}"
  step "Installing ${missing[*]}"
  logged apt-update apt update
  logged apt-install apt install --no-install-recommends "${missing[@]}"
}

# Prometheus, promtool, Alertmanager and amtool: unpacked from Debian's packages
# into build/tools, since installing these would start services. Installed
# programs are used as they are.
fetch_monitoring() {
  local program wanted=
  for program in $MONITORING; do
    if [ ! -x "$TOOLS/usr/bin/$program" ] && ! command -v "$program" >/dev/null; then
      wanted=yes
    fi
  done
  if [ -n "$wanted" ]; then
    step "Fetching Prometheus and Alertmanager into $TOOLS"
    mkdir -p "$TOOLS/packages"
    logged fetch-monitoring download_monitoring
  fi
  alertmanager_templates
}

download_monitoring() {
  local package program packages=(prometheus prometheus-alertmanager)
  (
    cd "$TOOLS/packages" || exit 1
    rm -f ./*.deb
    if ! apt-cache show "${packages[@]}" >/dev/null 2>&1; then apt update; fi
    # A package of its own since Debian 13.
    if apt-cache show promtool >/dev/null 2>&1; then packages+=(promtool); fi
    download "${packages[@]}" || { apt update && download "${packages[@]}"; }
  ) || return 1
  for package in "$TOOLS"/packages/*.deb; do
    dpkg -x "$package" "$TOOLS" || return 1
  done
  rm -r "$TOOLS/packages"
  for program in $MONITORING; do
    if [ ! -x "$TOOLS/usr/bin/$program" ]; then
      echo "the packages hold no $program"
      return 1
    fi
  done
}

download() { apt-get -o APT::Sandbox::User=root download "$@"; }

# The newest of the same programs, from Debian unstable, into build/tools/newest: rules and configurations must be right
# there too. apt uses separate lists, so that the machine's stay as they are. Without these programs the tests skip a part.
fetch_newest_monitoring() {
  local program wanted=
  for program in $MONITORING; do
    if [ ! -x "$TOOLS/newest/usr/bin/$program" ]; then wanted=yes; fi
  done
  if [ -z "$wanted" ]; then return; fi
  step "Fetching the newest Prometheus and Alertmanager into $TOOLS/newest"
  mkdir -p "$LOGS"
  if ! download_newest_monitoring >"$LOGS/fetch-newest.log" 2>&1 </dev/null; then
    rm -rf "$TOOLS/newest"
    step "They cannot be had (see $LOGS/fetch-newest.log): tests with them are skipped"
  fi
}

download_newest_monitoring() {
  local newest=$PWD/$TOOLS/newest apt=$PWD/$TOOLS/newest/apt package program options
  rm -rf "$newest"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  printf 'deb [signed-by=%s] http://deb.debian.org/debian unstable main\n' \
    /usr/share/keyrings/debian-archive-keyring.gpg >"$apt/sources.list"
  options=(-o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::State::lists="$apt/lists" -o Dir::State::status=/dev/null -o Dir::Cache="$apt/cache"
    -o Acquire::Languages=none -o Acquire::Retries=1 -o APT::Update::Error-Mode=any)
  apt-get "${options[@]}" -o APT::Sandbox::User=root update || return 1
  (cd "$apt" && download "${options[@]}" prometheus promtool prometheus-alertmanager) || return 1
  for package in "$apt"/*.deb; do
    dpkg -x "$package" "$newest" || return 1
  done
  rm -r "$apt"
  for program in $MONITORING; do
    "$newest/usr/bin/$program" --version || return 1
  done
}

# vmagent, which scrapes, and tinyproxy, a forward proxy: likewise, for the end-to-end tests. Without them these skip a part.
fetch_neighbours() {
  if [ -x "$TOOLS/usr/bin/vmagent" ] && [ -x "$TOOLS/usr/bin/tinyproxy" ]; then return; fi
  step "Fetching vmagent and tinyproxy into $TOOLS"
  mkdir -p "$TOOLS/neighbours" "$LOGS"
  if ! download_neighbours >"$LOGS/fetch-neighbours.log" 2>&1 </dev/null; then
    rm -rf "$TOOLS/neighbours"
    step "They cannot be had (see $LOGS/fetch-neighbours.log): tests with them are skipped"
  fi
}

download_neighbours() {
  local package
  (
    cd "$TOOLS/neighbours" || exit 1
    rm -f ./*.deb
    download victoria-metrics tinyproxy-bin || { apt update && download victoria-metrics tinyproxy-bin; }
  ) || return 1
  for package in "$TOOLS"/neighbours/*.deb; do
    dpkg --fsys-tarfile "$package" | tar -x -C "$TOOLS" --wildcards './usr/bin/vmagent' './usr/bin/tinyproxy' 2>/dev/null
  done
  [ -x "$TOOLS/usr/bin/vmagent" ] && [ -x "$TOOLS/usr/bin/tinyproxy" ] || return 1
  rm -r "$TOOLS/neighbours"
}

# nginx and the module that can delay responses: likewise, for the bench.
fetch_nginx() {
  local module=usr/lib/nginx/modules/ngx_http_echo_module.so
  if [ -x /usr/sbin/nginx ] && [ -e /$module ]; then return; fi
  if [ -x "$TOOLS/usr/sbin/nginx" ] && [ -e "$TOOLS/$module" ]; then return; fi
  step "Fetching nginx into $TOOLS"
  mkdir -p "$TOOLS/nginx-packages"
  logged fetch-nginx download_nginx
}

download_nginx() {
  local package
  (
    cd "$TOOLS/nginx-packages" || exit 1
    rm -f ./*.deb
    if ! apt-get -o APT::Sandbox::User=root download nginx libnginx-mod-http-echo; then
      apt update
      apt-get -o APT::Sandbox::User=root download nginx libnginx-mod-http-echo
    fi
  ) || return 1
  for package in "$TOOLS"/nginx-packages/*.deb; do
    dpkg -x "$package" "$TOOLS" || return 1
  done
  rm -r "$TOOLS/nginx-packages"
}

# Debian's Alertmanager and amtool read their templates from this path only.
alertmanager_templates() {
  local folder=/usr/share/prometheus/alertmanager
  if [ -e $folder/default.tmpl ]; then return; fi
  need_root "Alertmanager needs its templates in $folder" "mkdir -p $folder; cp $TOOLS$folder/*.tmpl $folder"
  step "Copying Alertmanager's two templates to $folder"
  as_root mkdir -p $folder
  as_root cp "$TOOLS$folder/default.tmpl" "$TOOLS$folder/email.tmpl" $folder/
}

# build PRESET [TARGET...]: configures build/ (or build/PRESET) and builds.
build() {
  local preset=$1 folder=build fresh=()
  shift
  if [ "$preset" != release ]; then folder=build/$preset; fi
  # A tree that was moved or copied does not build on its old cache.
  if [ -e "$folder/CMakeCache.txt" ] && ! grep -qx "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$folder/CMakeCache.txt"; then
    fresh=(--fresh)
  fi
  step "Building $folder"
  logged "configure-$preset" cmake --preset "$preset" "${fresh[@]}"
  logged "build-$preset" cmake --build "$folder" -j "$JOBS" ${1:+--target "$@"}
}
