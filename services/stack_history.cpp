// What a stack's events and snapshots tell of it: how it was made, what it held before its updates,
// and what it saved.
#include "core/json.hpp"
#include "services/stack_judge.hpp"

#include <fmt/core.h>
#include <algorithm>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// Of the stack, nested or not, and of no resource in it.
bool is_of_itself(const json::value& event, const item& stack) {
  return text_at(event, "physical_resource_id") == id_at_end(path_of_stack(event, stack));
}

/// Heat's name for what has no id: "STACK-RESOURCE-" and twelve letters.
bool is_name_for(const std::string& id, const std::string& resource) {
  constexpr std::size_t letters = 12;
  return id.size() > letters && id.substr(0, id.size() - letters).ends_with("-" + resource + "-");
}

}  // namespace

std::map<std::string, const json::value*> held_once(const json::array& events) {
  std::map<std::string, const json::value*> last;
  for (const auto& event : events) {
    auto id = text_at(event, "physical_resource_id");
    // Until it is made, Heat has a name for it in that place; what was never made is nowhere.
    if (!id.empty() && text_at(event, "resource_status") != "CREATE_IN_PROGRESS")
      last[std::move(id)] = &event;
  }
  std::erase_if(last, [](const auto& entry) {
    return text_at(*entry.second, "resource_status") == "DELETE_COMPLETE";
  });
  return last;
}

bool shows_all(const json::array& events, const item& stack) {
  std::map<std::string, bool> begins{{stack.id, false}};
  for (const auto& event : events) {
    auto& begun = begins[id_at_end(path_of_stack(event, stack))];
    begun = begun || (text_at(event, "resource_status") == "CREATE_IN_PROGRESS" &&
                      is_of_itself(event, stack));
  }
  return std::all_of(begins.begin(), begins.end(), [](const auto& one) { return one.second; });
}

result<std::vector<saved_thing>> saved_by(const json::value& snapshot) {
  // Heat makes them one after the other.
  const auto id = text_at(snapshot, "id");
  if (text_at(snapshot, "status") == "IN_PROGRESS")
    return error{errc::conflict, fmt::format("its snapshot {} is being made", id)};
  std::vector<saved_thing> all;
  const auto* resources = find(snapshot, "data.resources");
  if (!resources || !resources->is_object()) return all;
  for (const auto& entry : resources->get_object())
    for (const auto& [kind, field] : {std::pair("image", "resource_data.snapshot_image_id"),
                                      std::pair("backup", "resource_data.backup_id")})
      if (auto made = text_at(entry.value(), field); !made.empty())
        all.emplace_back(find_kind(kind), std::move(made));
  return all;
}

/// The owner of an adopted stack wrote himself what it holds, and data that no list shows. Heat
/// keeps the newest events only, so no trace of it proves nothing.
std::string stack_judge::why_not_created() const {
  bool adopted = text_at(stack_.data, "stack_status").starts_with("ADOPT_");
  std::map<std::string, std::string> last_update;
  for (const auto& event : events_) {
    if (!is_of_itself(event, stack_)) continue;
    const auto status = text_at(event, "resource_status");
    adopted = adopted || status.starts_with("ADOPT_");
    if (status.starts_with("UPDATE_") || status.starts_with("ROLLBACK_"))
      last_update[text_at(event, "physical_resource_id")] = status;
  }
  if (adopted) return "was adopted: its user wrote what it holds" + std::string{k_as_its_user};
  if (!shows_all(events_, stack_))
    return "may have been adopted: Heat shows no event of its creation any more" +
           std::string{k_as_its_user};
  // What that has not reached Heat deletes as an earlier template says, which it does not show.
  for (const auto& [id, status] : last_update)
    if (!status.ends_with("_COMPLETE"))
      return "has an update that did not end" + std::string{k_as_its_user};
  return {};
}

bool stack_judge::is_current(const json::value& event) const {
  const auto at = path_of_stack(event, stack_), name = text_at(event, "resource_name"),
             id = text_at(event, "physical_resource_id");
  return std::any_of(resources_.begin(), resources_.end(), [&](const json::value& one) {
    const auto now = text_at(one, "physical_resource_id");
    return text_at(one, "resource_name") == name && path_of_stack(one, stack_) == at &&
           (now == id || (now.empty() && is_name_for(id, name)));
  });
}

/// Heat deletes it as the template and the environment said with which it was made, and shows the
/// newest only.
std::string stack_judge::why_replaced() const {
  for (const auto& [id, event] : held_once(events_))
    if (!is_of_itself(*event, stack_) && !is_current(*event))
      return fmt::format("holds {}, which an update has replaced and not deleted{}", id,
                         k_as_its_user);
  return {};
}

/// What is gone Heat does not miss; what has another owner by now it deletes all the same.
asio::awaitable<result<std::string>> stack_judge::judge_saved(const json::value& snapshot) {
  auto all = saved_by(snapshot);
  if (!all) co_return all.error();
  for (const auto& one : *all) {
    auto ours = co_await is_ours_by_row(*one.row, one.id);
    if (!ours) co_return ours.error();
    if (!*ours)
      co_return fmt::format("has a snapshot with {} {}, which is not one of the project's{}",
                            one.row->name, one.id, k_as_its_user);
  }
  co_return std::string{};
}

}  // namespace ostclean::services
