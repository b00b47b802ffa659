// `ostclean kinds`: what is deleted, in which order, and from which service. The words of --only
// and --skip.
#include "cmd/commands.hpp"
#include "cmd/context.hpp"
#include "services/kind.hpp"

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

json::array words_of(std::string_view references) {
  json::array list;
  for (auto next = services::next_reference(references); !next.kind.empty();
       next = services::next_reference(references))
    list.emplace_back(next.kind);
  return list;
}

json::array array_of(const std::vector<std::string>& words) {
  json::array list;
  for (const auto& word : words) list.emplace_back(word);
  return list;
}

/// The paths of a row stand in one text, with a space between them.
json::array paths_of(std::string_view paths) {
  json::array list;
  while (!paths.empty()) {
    const auto end = paths.find(' ');
    list.emplace_back(paths.substr(0, end));
    paths.remove_prefix(end == std::string_view::npos ? paths.size() : end + 1);
  }
  return list;
}

asio::awaitable<result<int>> run_kinds(context& ctx, arguments args) {
  ctx.only_read();
  if (!args.words.empty()) co_return error{errc::usage, "kinds takes no arguments"};
  report::table rows{{"id", "name", "service", "microversion", "after", "before", "optional",
                      "list", "key", "reads"}};
  rows.hidden = {"id", "microversion", "after", "list", "key", "reads"};
  for (const auto& kind : services::kinds()) {
    const json::value microversion =
        kind.microversion.empty() ? json::value{} : json::value(kind.microversion);
    rows.rows.push_back({json::value(kind.name), json::value(kind.name), json::value(kind.service),
                         microversion, words_of(kind.after), words_of(kind.before),
                         json::value(kind.optional), paths_of(kind.list), json::value(kind.key),
                         array_of(services::fields_read(kind))});
  }
  ctx.print(rows);
  co_return 0;
}

}  // namespace

command kinds_command() {
  command row;
  row.name = "kinds";
  row.summary = "list the kinds of objects that are deleted, in that order";
  row.synopsis = "[output options]";
  row.lists = true;
  row.run = run_kinds;
  row.only_reads = true;
  return row;
}

}  // namespace ostclean::cmd
