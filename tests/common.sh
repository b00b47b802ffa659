# Shared by tests/quickstart, tests/run, tests/fuzz/run and .ci/run: which Debian packages are needed,
# how the program is built and how test results are counted. Sourced, never run.
# shellcheck shell=bash disable=SC2034 # used by those who source this

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
build=${OSTCLEAN_BUILD:-$root/build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
export LC_ALL=C.UTF-8

build_packages=(
  g++ cmake ninja-build scdoc
  libboost1.81-dev libboost-json1.81-dev libboost-program-options1.81-dev libboost-test1.81-dev
  libboost-url1.81-dev libfmt-dev libhowardhinnant-date-dev libssl-dev libyaml-cpp-dev
)
test_packages=(
  clang-14 clang-tools-14 bash-completion curl fish jq mandoc msmtp-mta openssl python3 python3-openstackclient shellcheck
  tinyproxy zsh
)
ci_packages=(ccache clang-format-14 clang-tidy-14 mold)
fuzz_packages=(clang-14 libclang-rt-14-dev)
# What clang is told for the build that has the sanitizers and the fuzz targets. Line numbers are all that a
# stack trace wants of -g.
fuzz_build=(-DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-g1 -DCMAKE_CXX_COMPILER=clang++-14 -DFUZZ=ON)

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# need_packages NAME...: installs those that are missing; anything else than root is told what to ask for.
need_packages() {
  local name missing=()
  command -v dpkg-query >/dev/null || {
    echo "not a Debian system: expecting these to be there: $*" >&2
    return 0
  }
  for name in "$@"; do
    # shellcheck disable=SC2016 # dpkg-query expands it
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  [ "$(id -u)" -eq 0 ] || die "as root: apt-get install --no-install-recommends ${missing[*]}"
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq -o DPkg::Lock::Timeout=600 update || die "apt-get update failed"
  apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 install --no-install-recommends -y \
    "${missing[@]}" >/dev/null || die "apt-get install failed"
}

# jobs: as many compilers as there are cores and, at 1 GB each, memory.
jobs() {
  local cores gigabytes
  cores=$(nproc)
  gigabytes=$(awk '/^MemAvailable:/ {print int($2 / 1000000)}' /proc/meminfo)
  [ "$gigabytes" -ge 1 ] || gigabytes=1
  echo $((cores < gigabytes ? cores : gigabytes))
}

# build_in uses ccache and mold where they are there; a checkout in another folder finds what was
# compiled in the first: by the preprocessed text, as unity files name their sources by absolute paths.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime

# build_in DIRECTORY [CMAKE_ARGUMENT...] [-- TARGET...]: configures and builds.
build_in() {
  local directory=$1 arguments=() fresh=() launcher='' linker=''
  shift
  ! command -v ccache >/dev/null || launcher=ccache
  ! command -v mold >/dev/null || linker=-fuse-ld=mold
  arguments=("-DCMAKE_CXX_COMPILER_LAUNCHER=$launcher" "-DCMAKE_EXE_LINKER_FLAGS=$linker")
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    arguments+=("$1")
    shift
  done
  [ $# -gt 0 ] && shift
  mkdir -p "$directory" 2>/dev/null
  [ -w "$directory" ] || die "cannot write to '$directory'; name another build directory in OSTCLEAN_BUILD"
  # A checkout that was moved or copied keeps a cache that names the old place.
  if [ -f "$directory/CMakeCache.txt" ] &&
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$directory/CMakeCache.txt"; then
    fresh=(--fresh)
  fi
  cmake "${fresh[@]}" -S "$root" -B "$directory" -G Ninja "${arguments[@]}" >"$directory/configure.log" 2>&1 ||
    { cat "$directory/configure.log"; return 1; }
  NINJA_STATUS='[%f/%t %es] ' ninja -C "$directory" -j"$(jobs)" "$@"
}

# ctest_in DIRECTORY [CTEST_ARGUMENT...]: runs the tests and closes with `N passed, N failed` alone on a
# line. A test that did not run has not passed. OSTCLEAN_TEST_REPORT names the file that lists them.
ctest_in() {
  local directory=$1 report tests failed word status=0 before='' words=()
  report=${OSTCLEAN_TEST_REPORT:-$directory/ctest.xml}
  shift
  # The whole sweeps take an hour: they run only when their label is asked for. What is lint belongs to clang-tidy, and
  # runs by its name as well.
  case " $* " in
    *" -L"*) ;;
    *" -R"*) words=(-LE whole) ;;
    *) words=(-LE 'whole|lint') ;;
  esac
  for word; do
    [ "$before" = -LE ] && words+=("$word|whole|lint") || words+=("$word")
    before=$word
  done
  rm -f "$report"
  # Tests wait for processes and pauses more than they compute.
  ctest --test-dir "$directory" -j"${OSTCLEAN_TEST_JOBS:-$((4 * $(jobs)))}" --output-on-failure --no-tests=error \
    --output-junit "$report" "${words[@]}" || status=$?
  [ -f "$report" ] || { echo "0 passed, 1 failed"; return 1; }
  tests=$(count_in "$report" tests)
  failed=0
  for word in failures disabled skipped; do failed=$((failed + $(count_in "$report" $word))); done
  [ $status -eq 0 ] || [ $failed -gt 0 ] || failed=1
  echo "$((tests - failed)) passed, $failed failed"
  [ $failed -eq 0 ]
}

# units TREE DIRECTORY FOLDER...: what is compiled there of these folders of the tree: sources, or files that
# include several of them.
units() {
  local tree=$1 directory=$2 IFS='|'
  shift 2
  jq -r --arg tree "$tree/" --arg build "$directory/" --arg folders "^($*)/" '.[].file
    | select(any(ltrimstr($build), ltrimstr($tree); test($folders)))' "$directory/compile_commands.json"
}

# slowest_tests REPORT...: seconds and name of the five slowest tests that ctest_in wrote down there.
slowest_tests() {
  local report
  for report; do
    sed -n 's/.*<testcase name="\([^"]*\)".* time="\([0-9.]*\)".*/\2 \1/p' "$report" 2>/dev/null |
      awk -v where="$(basename "$report" .xml)" '{ printf "%7.1f s  %s (%s)\n", $1, $2, where }'
  done | sort -rn | head -n 5
}

# slowest_sources DIRECTORY...: the same of what was compiled there.
slowest_sources() {
  local directory
  for directory; do
    awk -v where="${directory##*/}" '/\.o\t/ { printf "%7.1f s  %s (%s)\n", ($2 - $1) / 1000, $4, where }' \
      "$directory/.ninja_log" 2>/dev/null
  done | sort -rn | head -n 5
}

count_in() {
  sed -n "/<testsuite /,/>/s/.*[[:space:]]$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1
}
