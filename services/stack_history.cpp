// What a stack's events and snapshots tell of it: how it was made, what it held before its updates,
// and what it saved.
#include "core/json.hpp"
#include "services/stack_judge.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <set>
#include <utility>

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

bool shows_all(const stack_record& told, const item& stack) {
  std::map<std::string, bool> begins{{stack.id, false}};
  for (const auto& resource : told.resources) begins[id_at_end(path_of_stack(resource, stack))];
  for (const auto& event : told.events) {
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
  for (const auto& event : told_.events) {
    if (!is_of_itself(event, stack_)) continue;
    const auto status = text_at(event, "resource_status");
    adopted = adopted || status.starts_with("ADOPT_");
    if (status.starts_with("UPDATE_") || status.starts_with("ROLLBACK_") ||
        status.starts_with("RESTORE_"))
      last_update[text_at(event, "physical_resource_id")] = status;
  }
  if (adopted) return "was adopted: its user wrote what it holds" + std::string{k_as_its_user};
  if (!shows_all(told_, stack_))
    return "may have been adopted: Heat shows no event of its creation any more" +
           std::string{k_as_its_user};
  // What that has not reached Heat deletes as an earlier template says, which it does not show.
  for (const auto& [id, status] : last_update)
    if (!status.ends_with("_COMPLETE"))
      return "has an update that did not end" + std::string{k_as_its_user};
  return {};
}

namespace {

/// The resources of a stack and of those within, by where they are and how they are called there.
class current_resources {
 public:
  current_resources(const stack_record& told, const item& stack) : stack_(stack) {
    for (const auto& one : told.resources)
      ids_[place_of(one)] = text_at(one, "physical_resource_id");
    for (const auto& event : told.events) {
      const auto status = text_at(event, "resource_status");
      if (status.starts_with("CREATE_") || status.starts_with("ADOPT_"))
        begun_.insert(text_at(event, "physical_resource_id"));
    }
  }

  /// Some types give a resource another id within an update: no other was made.
  bool has(const json::value& event) const {
    const auto id = text_at(event, "physical_resource_id");
    const auto now = ids_.find(place_of(event));
    if (now == ids_.end()) return false;
    if (now->second.empty()) return is_name_for(id, text_at(event, "resource_name"));
    return now->second == id || !begun_.contains(now->second);
  }

 private:
  std::pair<std::string, std::string> place_of(const json::value& one) const {
    return {path_of_stack(one, stack_), text_at(one, "resource_name")};
  }

  const item& stack_;
  std::map<std::pair<std::string, std::string>, std::string> ids_;
  std::set<std::string> begun_;
};

}  // namespace

/// Heat deletes it as the template and the environment said with which it was made, and shows the
/// newest only.
std::string stack_judge::why_replaced() const {
  const current_resources current{told_, stack_};
  for (const auto& [id, event] : held_once(told_.events))
    if (!is_of_itself(*event, stack_) && !current.has(*event))
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
