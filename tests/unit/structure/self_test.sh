#!/usr/bin/env bash
# self_test.sh RULE: a rule that cannot fail protects nothing. Plants one violation after another in a
# small tree that is in order and wants each to be found, and the tree without them to pass.
# shellcheck disable=SC2016 # scripts that are planted
set -u
rule=$1
here=$(cd "$(dirname "$0")" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fresh() { # a tree in order, in a path with a space
  tree="$work/a tree"
  rm -rf "$tree"
  mkdir -p "$tree"/{cmd,core/http,core/auth,services,tests/sandbox}
  echo '#include "services/kinds.hpp"' >"$tree/cmd/main.cpp"
  echo '#include "core/error.hpp"' >"$tree/services/kinds.cpp"
  echo '#include <boost/beast.hpp>' | tee "$tree/core/http/beast_transport.cpp" >"$tree/tests/sandbox/server.cpp"
  echo '#include <yaml-cpp/yaml.h>' >"$tree/core/auth/clouds_yaml.cpp"
  printf '#!/bin/sh\necho "$1"\n' >"$tree/tests/run"
  cat >"$tree/CMakeLists.txt" <<'EOF'
cmake_minimum_required(VERSION 3.25)
project(tree LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_UNITY_BUILD ON)
add_subdirectory(core)
EOF
  echo 'add_library(core await.cpp)' >"$tree/core/CMakeLists.txt"
  await 'agg made("a"); co_await f(std::move(made));'
}

await() { # the one coroutine of the tree, with this body
  cat >"$tree/core/await.cpp" <<EOF
#include <coroutine>
#include <initializer_list>
#include <utility>
struct agg { const char* a = ""; const char* b = ""; agg() = default; agg(const char* x) : a(x) {} };
struct bare { const char* a; const char* b; };
struct task {
  struct promise_type {
    task get_return_object() { return task(); }
    std::suspend_never initial_suspend() { return std::suspend_never(); }
    std::suspend_never final_suspend() noexcept { return std::suspend_never(); }
    void return_void() {}
    void unhandled_exception() {}
  };
  bool await_ready() { return true; }
  void await_suspend(std::coroutine_handle<>) {}
  int await_resume() { return 1; }
};
task f(agg) { co_return; }
task g(bare) { co_return; }
template <class F> task h(F) { co_return; }
task k(std::initializer_list<int>) { co_return; }
task body() { $1 }
EOF
}

passes() {
  local said
  said=$("$here/check.sh" "$rule" "$tree") && return
  echo "does not pass: $1: $said"
  failed=1
}

fails() {
  local said
  ! said=$("$here/check.sh" "$rule" "$tree") && [ -n "$said" ] && return
  echo "not found: $1"
  failed=1
}

plant() { # plant FILE LINE: adds it to a tree in order and wants it to be found
  fresh
  mkdir -p "$(dirname "$tree/$1")"
  printf '%b\n' "$2" >>"$tree/$1"
  fails "$1: $2"
}

fresh
passes "a tree in order"
case $rule in
  layers)
    plant core/http/a.cpp '#include "services/kinds.hpp"'
    plant core/a.hpp '#  include <cmd/command.hpp>'
    plant services/a.cpp '#include "../cmd/command.hpp"'
    plant cmd/a.cpp '#include "tests/sandbox/server.hpp"'
    ;;
  beast_in_one_file)
    plant core/http/retry.cpp '#include <boost/beast/http.hpp>'
    plant cmd/context.hpp '#include <boost/asio/ssl.hpp>'
    ;;
  yaml_where_files_are_read) plant core/report/yaml.cpp '#include <yaml-cpp/yaml.h>' ;;
  top_level)
    plant CONTRIBUTING.md 'read me'
    plant include/ostclean.hpp '#pragma once'
    ;;
  file_length)
    plant core/long.cpp "$(printf '//\\n%.0s' {1..300})"
    fresh
    printf '//\n%.0s' {1..300} >"$tree/core/full.cpp"
    passes "a file of 300 lines"
    ;;
  scripts)
    plant tests/bad.sh '#!/bin/sh\nrm $1'
    plant tests/bad '#!/usr/bin/env bash\nrm $1'
    ;;
  coroutines)
    for body in 'co_await g(bare{"a", "b"});' 'co_await g({"a", "b"});' 'co_await k({1, 2});' \
      'int n = 1; co_await h([n] { return n; });' 'int n = 1; co_await h([&n] { return n; });' \
      'int n[] = {co_await f("a")}; (void)n;' 'co_await nothing_declared;'; do
      fresh
      await "$body"
      fails "$body"
    done
    ;;
  *) fails "no violation is known for $rule" ;;
esac
exit $failed
