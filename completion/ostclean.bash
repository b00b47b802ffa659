# bash completion for ostclean: asks the program itself, so that it never disagrees with it.
# shellcheck shell=bash

_ostclean() {
    local cur words cword
    # An argument after '=' must arrive in one piece with its option.
    if declare -F _get_comp_words_by_ref >/dev/null; then
        _get_comp_words_by_ref -n '=:' cur words cword
    else
        cur=${COMP_WORDS[COMP_CWORD]} words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
    fi
    mapfile -t COMPREPLY < <("${words[0]}" __complete "${words[@]:1:cword-1}" "$cur" 2>/dev/null)
    if ((${#COMPREPLY[@]} == 0)) && [[ $cur != -* ]]; then
        compopt -o default
        return
    fi
    if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$cur"; fi
    # readline completes only what stands after '='.
    if [[ $cur == --*=* ]]; then COMPREPLY=("${COMPREPLY[@]#"${cur%%=*}="}"); fi
}

complete -F _ostclean ostclean
