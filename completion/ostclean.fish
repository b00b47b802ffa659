# fish completion for ostclean: asks the program itself, so that it never disagrees with it.

function __ostclean_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l candidates ($words[1] __complete $words[2..-1] 2>/dev/null)
    if test (count $candidates) -gt 0
        printf '%s\n' $candidates
    else if not string match -q -- '-*' (commandline -ct)
        __fish_complete_path (commandline -ct)
    end
end

complete -c ostclean -f -a '(__ostclean_complete)'
