#include "services/kind.hpp"

#include <algorithm>

namespace ostclean::services {

std::vector<std::string> fields_read(const kind& row) {
  std::vector<std::string> fields;
  const auto add = [&](std::string_view field) {
    if (!field.empty() && field != "parent" &&
        std::find(fields.begin(), fields.end(), field) == fields.end())
      fields.emplace_back(field);
  };
  for (auto field : {row.id, row.label, row.owner, row.status}) add(field);
  // What it is listed below says by itself that it has some.
  const bool below = row.list.find("{parent}") != std::string_view::npos;
  for (auto words :
       {below ? std::string_view{} : row.parent, row.before, row.after, row.stands, row.dies_with})
    for (auto word = next_reference(words); !word.kind.empty(); word = next_reference(words))
      add(word.field);
  for (auto words : {row.also, row.encoded, row.marks, row.reads})
    for (auto end = words.find(' '); !words.empty(); end = words.find(' ')) {
      add(words.substr(0, end));
      words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
    }
  return fields;
}

}  // namespace ostclean::services
