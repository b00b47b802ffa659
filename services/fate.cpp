#include "services/fate.hpp"

#include "core/json.hpp"
#include "core/time.hpp"
#include "services/states.hpp"

#include <algorithm>
#include <cctype>
#include <map>

namespace ostclean::services {
namespace {

void decide(item& one, item::fate what, std::string reason) {
  one.decided = what;
  one.reason = std::move(reason);
}

/// True when the service says a time and it is before `limit`. Without a time the object is not
/// known to be old.
bool is_before(const std::string& text, sys_time limit) {
  auto time = parse_iso8601(text);
  return time && *time < limit;
}

std::string left_out(const item& one, const choices& how) {
  std::string kind{one.row->name};
  if (how.skip.count(kind) > 0) return "left out by --skip";
  // A container is as old as its objects: they are looked at one by one when it is emptied.
  if (kind == "container") return {};
  // A port on a device is as old as its device.
  if (kind == "port" && !text_at(one.data, "device_id").empty()) return {};
  // Neutron shows none: it is as old as its floating IP, and stays with it.
  if (kind == "port_forwarding") return {};
  if (how.created_before && !is_before(one.created, *how.created_before))
    return one.created.empty() ? "has no creation time to compare with --created-before"
                               : "created at " + one.created;
  auto touched = one.updated.empty() ? one.created : one.updated;
  if (how.updated_before && !is_before(touched, *how.updated_before))
    return touched.empty() ? "has no time to compare with --updated-before"
                           : "updated at " + touched;
  return {};
}

bool is_locked(const item& one, const choices& how) {
  return !how.include_protected && one.row->name == "server" && true_at(one.data, "locked") &&
         how.unlock.count(one.id) == 0;
}

std::string why_protected(const item& one, const choices& how) {
  if (has_tag(one, how.tag)) return "protected by the tag " + how.tag;
  if (how.include_protected) return {};
  if (is_locked(one, how)) return "locked; --include-protected deletes it";
  if (one.row->name == "image" && true_at(one.data, "protected"))
    return "protected; --include-protected deletes it";
  return {};
}

std::string reason_to_keep(const item& one, const choices& how) {
  auto why = left_out(one, how);
  return why.empty() ? why_protected(one, how) : why;
}

void keep(item& one, std::string why, const choices& how) {
  one.by_lock = left_out(one, how).empty() && !has_tag(one, how.tag) && is_locked(one, how);
  decide(one, item::fate::kept, std::move(why));
}

}  // namespace

bool spares_objects(const choices& how) {
  return how.created_before || how.updated_before || (how.planned_at && !how.planned_by_this_run);
}

bool is_spared(const std::string& modified, const choices& how) {
  for (const auto& limit : {how.created_before, how.updated_before, how.planned_at})
    if (limit && !is_before(modified, *limit)) return true;
  return false;
}

bool has_tag(const item& one, const std::string& tag) {
  if (tag.empty()) return false;
  auto tags = texts_at(one.data, "tags");
  if (std::find(tags.begin(), tags.end(), tag) != tags.end()) return true;
  for (auto member : {"metadata", "properties", "attributes"}) {
    const auto* bag = find(one.data, member);
    if (bag && bag->is_object() && bag->get_object().contains(tag)) return true;
  }
  return one.row->name == "image" && one.data.is_object() && one.data.get_object().contains(tag);
}

bool keep_protected(item& one, const choices& how) {
  auto why = why_protected(one, how);
  if (why.empty()) return false;
  keep(one, std::move(why), how);
  return true;
}

void judge_alone(std::vector<item>& items, const choices& how) {
  for (auto& one : items) {
    one.chosen = how.only.empty() || how.only.count(std::string{one.row->name}) > 0;
    if (one.decided != item::fate::goes) continue;
    // What is protected holds what stands on it, and what would take it along, chosen or not.
    if (auto why = reason_to_keep(one, how); !why.empty())
      keep(one, std::move(why), how);
    else if (one.chosen && is_set_aside(one) && !how.force)
      decide(
          one, item::fate::left,
          "deleted before, and set aside by Nova for a while (reclaim_instance_interval) with its "
          "ports and volumes; --force deletes it now");
    else if (!one.chosen)
      decide(one, item::fate::unselected, "not among --only");
    else if (one.row->name == "image" && how.keep_images.count(one.id) > 0) {
      decide(one, item::fate::kept, "in use by others (--keep-images)");
      one.preserve = true;
    }
  }
  if (how.planned) judge_planned(items, *how.planned, how.planned_by_this_run);
}

std::set<std::size_t> holders_of(std::vector<std::size_t> some, const relations& all,
                                 const std::function<bool(std::size_t)>& counts) {
  std::multimap<std::size_t, std::size_t> holders;
  for (const auto& bond : all.bonds) holders.emplace(bond.to, bond.from);
  std::set<std::size_t> found;
  while (!some.empty()) {
    const auto [first, last] = holders.equal_range(some.back());
    some.pop_back();
    for (auto at = first; at != last; ++at)
      if (counts(at->second) && found.insert(at->second).second) some.push_back(at->second);
  }
  return found;
}

void mark_tied(std::vector<item>& items, const relations& all) {
  std::vector<std::size_t> going;
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].tied = false;
    if (items[i].decided == item::fate::goes) going.push_back(i);
  }
  const auto is_unselected = [&](std::size_t i) {
    return items[i].decided == item::fate::unselected;
  };
  for (auto i : holders_of(std::move(going), all, is_unselected)) items[i].tied = true;
}

void keep_untold(std::vector<item>& items, const relations& all, const planned_objects& planned) {
  mark_tied(items, all);
  for (auto& one : items) {
    if (!one.tied) continue;
    const planned_object now{one};
    const auto at = planned.find(now.key());
    if (at == planned.end() || !at->second.is_same(now))
      decide(one, item::fate::kept, "not in the plan");
  }
}

void judge_together(std::vector<item>& items, const relations& all) {
  std::vector<std::vector<const relations::bond*>> from(items.size());
  for (const auto& bond : all.bonds) from[bond.from].push_back(&bond);
  std::vector<std::size_t> queue;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].decided != item::fate::goes) queue.push_back(i);
  while (!queue.empty()) {
    std::size_t at = queue.back();
    queue.pop_back();
    const item& stays = items[at];
    for (const auto* bond : from[at]) {
      item& other = items[bond->to];
      if (!other.is_open() || other.begun || other.decided == stays.decided) continue;
      if (bond->only_protected && stays.decided == item::fate::unselected) continue;
      if (bond->itself && stays.derived) continue;
      if (stays.other_part && stays.decided == item::fate::unselected) continue;
      decide(other, stays.decided,
             "needed by " + describe(stays) + ", which stays: " + stays.reason);
      other.derived = true;
      other.root = stays.root.empty() ? describe(stays) + ": " + stays.reason : stays.root;
      queue.push_back(bond->to);
    }
  }
}

}  // namespace ostclean::services
