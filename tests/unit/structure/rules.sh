# The rules of the house, each a function that prints what breaks it in the tree $tree and nothing
# when the tree is in order. check.sh runs one; self_test.sh shows that each can fail.
# $tree is set by those who source this.
# shellcheck shell=bash disable=SC2154

sources() { # sources DIRECTORY...: every source below those that exist, one a line
  local directory
  for directory in "$@"; do
    [ -d "$tree/$directory" ] && find "$tree/$directory" -type f \( -name '*.cpp' -o -name '*.hpp' \)
  done | LC_ALL=C sort
}

# including FILES_FROM_STDIN PATTERN: the include lines that match.
including() {
  tr '\n' '\0' | xargs -0 -r grep -HnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($1)"
}

# except PATH...: leaves out what grep found in these files.
except() {
  local path pattern=()
  for path in "$@"; do pattern+=(-e "$tree/$path:"); done
  grep -vF "${pattern[@]}"
}

rule_layers() {
  sources core | including '(\.\./)*(ostclean/)?(services|cmd|tests)/'
  sources services | including '(\.\./)*(ostclean/)?(cmd|tests)/'
  sources cmd | including '(\.\./)*(ostclean/)?tests/'
}

rule_beast_in_one_file() {
  sources core services cmd | including 'boost/beast|boost/asio/ssl|core/http/beast_(pool|exchange)' |
    except core/http/beast_transport.cpp core/http/beast_pool.hpp core/http/beast_exchange.hpp
}

rule_yaml_where_files_are_read() {
  sources core services cmd | including 'yaml-cpp/|core/yaml\.hpp' |
    except core/yaml.hpp core/yaml.cpp core/auth/clouds_yaml.cpp services/policy.cpp \
      services/policy_yaml.hpp
}

rule_top_level() {
  local entry
  for entry in "$tree"/*; do
    case ${entry##*/} in
      CMakeLists.txt | README.md | LICENSE | cmd | core | services | completion | man | tests) ;;
      build | build-*) ;; # what .gitignore leaves out
      *) echo "$entry: not a name of the top level" ;;
    esac
  done
}

rule_file_length() {
  sources core services cmd tests | tr '\n' '\0' |
    xargs -0 -r awk '{ lines[FILENAME] = FNR }
      END { for (file in lines) if (lines[file] > 300) print file ": " lines[file] " lines, 300 are the limit" }'
}

rule_scripts() {
  # Only sh and bash are understood; fish and zsh check theirs in the tests of the completion.
  find "$tree" \( -path "$tree/.git" -o -path "$tree/build*" \) -prune -o -type f -size +0 \
    ! -name '*.fish' ! -name _ostclean ! -name '*.zsh' -print0 |
    xargs -0 -r awk 'FILENAME ~ /\.(sh|bash)$/ || /^#!.*[/ ](ba|da)?sh( |$)/ { print FILENAME } { nextfile }' |
    xargs -d '\n' -r -n 1 -P "$(nproc)" shellcheck --external-sources --source-path=SCRIPTDIR --format=gcc
}

# g++ 12 destroys some temporaries twice when their full expression contains a co_await: braced
# initialisers and lambdas. The compiler says nothing, so clang's syntax tree is asked.
rule_coroutines() {
  local work
  work=$(mktemp -d)
  # To read the headers is most of the work: all sources of a library are read as one.
  cmake -S "$tree" -B "$work" -G Ninja -DCMAKE_CXX_COMPILER=clang++-14 -DBUILD_TESTING=OFF \
    -DCMAKE_UNITY_BUILD_BATCH_SIZE=0 >"$work/configure.log" 2>&1 || cat "$work/configure.log"
  cat >"$work/query" <<'EOF'
set bind-root false
set output diag
match expr(coawaitExpr(unless(isExpansionInSystemHeader()), hasDescendant(initListExpr()))).bind("braces_in_a_co_await")
match expr(coawaitExpr(unless(isExpansionInSystemHeader()), hasDescendant(lambdaExpr()))).bind("lambda_in_a_co_await")
match expr(initListExpr(unless(isExpansionInSystemHeader()), hasDescendant(coawaitExpr()))).bind("co_await_in_braces")
EOF
  # shellcheck disable=SC2016 # the inner shell expands it
  units "$tree" "$work" core services cmd | tr '\n' '\0' |
    xargs -0 -r -n 1 -P "$(nproc)" sh -c 'clang-query-14 -p "$1" -f "$1/query" "$2" >"$1/$(echo "$2" | tr "/ " __).out" 2>&1 ||
      echo "$2: clang-query failed" >>"$1/failed"' sh "$work"
  cat "$work/failed" 2>/dev/null
  # A source that clang cannot read proves nothing.
  grep -hE '(fatal )?error: ' "$work"/*.out
  grep -hE 'note: "[a-z_]*" binds here' "$work"/*.out | LC_ALL=C sort -u
  rm -rf "$work"
}
