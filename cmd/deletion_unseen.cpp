// What a deletion does not look at, and what that means for how it ends.
#include "cmd/deletion_report.hpp"
#include "cmd/exit_status.hpp"
#include "core/json.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace ostclean::cmd {
namespace json = boost::json;
namespace {

void say_not_looked_at(context& ctx, const deletion& work) {
  std::map<std::tuple<std::string, std::string, std::string>, std::string> kinds;
  for (const auto& one : work.not_looked_at()) {
    auto& list = kinds[{one.region, one.service, one.reason}];
    list += (list.empty() || one.kind.empty() ? "" : ", ") + one.kind;
  }
  for (const auto& [key, list] : kinds) {
    const auto& [region, service, reason] = key;
    ctx.note(fmt::format("not looked at{}: {}{}: {}", region.empty() ? "" : " in " + region,
                         service, list.empty() ? "" : " (" + list + ")", reason));
  }
}

/// A service that somebody has switched off is not in the catalog either, and what it has is still
/// there.
void say_not_offered(context& ctx, const deletion& work) {
  std::map<std::string, std::set<std::string>> kinds;
  for (const auto& one : work.projects())
    for (const auto& [region, kind] : one->not_offered()) kinds[region].insert(kind);
  for (const auto& [region, some] : kinds)
    ctx.note(fmt::format("not offered{}: {}", region.empty() ? "" : " in " + region,
                         fmt::join(some, ", ")));
}

}  // namespace

void say_unseen(context& ctx, const deletion& work) {
  say_not_looked_at(ctx, work);
  say_not_offered(ctx, work);
}

void say_summary(context& ctx, const json::object& all) {
  const json::value& summary = all.at("summary");
  const auto number = [&summary](const char* key) { return text_at(summary, key); };
  std::string line = fmt::format("deleted: {}, kept: {}", number("deleted"), number("kept"));
  if (number("kept_by_lock") != "0")
    line += fmt::format(" ({} by locks that 'stop' has not set)", number("kept_by_lock"));
  line += ", left: " + number("left");
  if (number("not_visible") != "0") line += ", not visible: " + number("not_visible");
  if (number("not_looked_at") != "0") line += ", not looked at: " + number("not_looked_at");
  ctx.note(line);
}

int strict_code(context& ctx, const arguments& args, const deletion& work, int code) {
  if (code != exit_done || !(args.has("strict") || ctx.policy().strict)) return code;
  bool blind = !work.not_looked_at().empty();
  for (const auto& one : work.projects()) {
    blind = blind || (one->where().scoped && !one->not_visible().empty());
    blind = blind || std::any_of(one->items().begin(), one->items().end(),
                                 [](const services::item& i) { return i.by_lock; });
  }
  return blind ? exit_partial : code;
}

}  // namespace ostclean::cmd
