#include "tests/cli/vmexpire_site.hpp"

#include <fmt/core.h>

#include <ctime>

namespace cli {

long seconds_now() { return static_cast<long>(std::time(nullptr)); }

vm_site::vm_site(sandbox::options o) : site(sandbox::level::plain, std::move(o)) {}

std::string vm_site::track(const sandbox::seeded& owner, const std::string& name, long seconds,
                           const std::string& server) {
  static int made = 0;
  std::string id = fmt::format("11111111-0000-4000-8000-{:012x}", ++made);
  const std::string other = fmt::format("22222222-0000-4000-8000-{:012x}", made);
  it.put("vmexpire", id, owner.project_id,
         {{"created", "2026-11-22T05:36:25"},
          {"updated", "2026-11-22T05:36:25"},
          {"instance_id", server.empty() ? other : server},
          {"project_id", owner.project_id},
          {"expire", seconds_now() + seconds},
          {"notified", false},
          {"notified_last", false},
          {"notified_time", nullptr},
          {"user_id", owner.user_id},
          {"instance_name", name}});
  return id;
}

ending vm_site::as_user(const words& args, const manner& how) {
  who = mine.name;
  auto e = run(args, how);
  who = "admin";
  return e;
}

long vm_site::end_of(const std::string& id) const {
  const auto row = it.object("vmexpire", id);
  return row.is_null() ? 0 : static_cast<long>(row.at("expire").as_int64());
}

bool vm_site::tracks(const std::string& id) const { return end_of(id) != 0; }

std::size_t vm_site::asked(const std::string& method, const std::string& path) const {
  return count(method, "vmexpire", path);
}

json::value with(const ending& e, const char* member, const std::string& value) {
  const auto all = e.data();
  for (const auto& one : all.as_array())
    if (text(one, member) == value) return one;
  return {};
}

}  // namespace cli
