// `ostclean __complete WORD...`: what the shells ask. The last word is the one being completed.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace ostclean::cmd {

/// Candidates for the last word, in table order; none where only the shell knows (files).
std::vector<std::string> complete(std::span<const std::string> words);

}  // namespace ostclean::cmd
