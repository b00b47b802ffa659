// What a cleanup did, as the JSON that `delete -f json` prints and --report writes. The keys are
// part of the interface.
#include "services/cleanup.hpp"

#include <algorithm>
#include <array>

namespace ostclean::services {
namespace json = boost::json;
namespace {

json::object entry(const item& one, const std::string& reason) {
  json::object o{{"kind", one.row->name}, {"id", one.id}, {"name", one.name}};
  if (!reason.empty()) o["reason"] = reason;
  if (one.children > 0 && one.row->name == "container") o["objects"] = one.children;
  return o;
}

json::object kept_entry(const item& one, const std::string& reason) {
  auto o = entry(one, reason);
  if (one.decided == item::fate::unselected)
    o["asked_for"] = false;
  else if (!one.root.empty())
    o["root_cause"] = one.root;
  if (one.by_lock) o["by_lock"] = true;
  return o;
}

void count(json::object& by_kind, std::string_view kind) {
  auto& n = by_kind[kind];
  n = n.is_int64() ? n.get_int64() + 1 : 1;
}

json::array remarks(const std::vector<inventory::remark>& all, const std::string& region) {
  json::array list;
  for (const auto& one : all)
    if (one.region == region) list.push_back(json::object{{"kind", one.kind}, {"reason", one.why}});
  return list;
}

json::array unseen_in(const std::vector<unseen>& all, const std::string& region) {
  json::array list;
  for (const auto& one : all)
    if (one.region == region) list.push_back(to_json(one));
  return list;
}

/// Its service deletes with it what it holds.
bool takes_along(const item& one) {
  static constexpr std::array<std::string_view, 9> kinds{"stack",       "load_balancer",  "server",
                                                         "floating_ip", "router",         "network",
                                                         "port",        "group_snapshot", "image"};
  return std::find(kinds.begin(), kinds.end(), one.row->name) != kinds.end();
}

json::array errors(const std::vector<error>& all) {
  json::array list;
  for (const auto& e : all) list.push_back(json::string(e.line()));
  return list;
}

}  // namespace

/// What is gone because it was deleted, and what went along with that.
std::vector<bool> cleanup::gone_by_us() const {
  std::vector<bool> by_us(items_.size());
  for (std::size_t i = 0; i < items_.size(); ++i)
    by_us[i] = gone_[i] && items_[i].decided == item::fate::goes && outcomes_[i].ended &&
               outcomes_[i].how != plan::step::kind::kept && !items_[i].untaken;
  for (bool more = true; more;) {
    more = false;
    for (const auto& bond : relations_->bonds) {
      if (!by_us[bond.to] || by_us[bond.from] || !takes_along(items_[bond.to])) continue;
      if (!gone_[bond.from] || !items_[bond.from].is_open()) continue;
      by_us[bond.from] = more = true;
    }
  }
  return by_us;
}

/// Whoever took what was to stay: it may have been a service that deleted something for us.
void cleanup::note_lost() {
  const auto by_us = gone_by_us();
  bool took = false;
  for (std::size_t i = 0; i < items_.size(); ++i)
    took = took || (by_us[i] && takes_along(items_[i]));
  for (std::size_t i = 0; took && i < items_.size(); ++i) {
    const item& one = items_[i];
    const bool stays =
        one.decided == item::fate::kept || (one.decided == item::fate::left && !one.handed_over);
    if (!gone_[i] || !stays || by_us[i] || !is_told_here(one)) continue;
    lost_.insert(i);
    remains_.emplace_back(one,
                          "was to stay and is gone, perhaps with what was deleted: " + one.reason);
  }
}

/// Of a part of a project the other part tells what it was not restricted to.
bool cleanup::is_told_here(const item& one) const {
  return part_.empty() || one.row->name == part_;
}

json::object cleanup::report_of(const std::string& region, const std::vector<bool>& by_us) const {
  json::object before, after;
  json::array deleted, failed, kept, went;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const item& one = items_[i];
    if (one.region != region) continue;
    count(before, one.row->name);
    if (gone_[i]) {
      if (by_us[i])
        deleted.push_back(entry(one, ""));
      else if (is_told_here(one) && !lost_.contains(i))
        went.push_back(entry(one, one.reason));
      continue;
    }
    count(after, one.row->name);
    const bool chosen = stays_on_purpose(one);
    const bool kept_late =
        one.decided == item::fate::goes && outcomes_[i].how == plan::step::kind::kept;
    if (is_told_here(one) && (chosen || kept_late))
      kept.push_back(kept_entry(one, chosen ? one.reason : outcomes_[i].reason));
  }
  for (const auto& left : remains_)
    if (left.what.region == region) failed.push_back(entry(left.what, left.why));
  for (const auto& one : unexpected_) {
    if (one.region != region) continue;
    count(after, one.row->name);
    failed.push_back(entry(one, "appeared during the run"));
  }
  return {{"before", std::move(before)},   {"after", std::move(after)},
          {"deleted", std::move(deleted)}, {"failed", std::move(failed)},
          {"kept", std::move(kept)},       {"went_meanwhile", std::move(went)}};
}

json::array cleanup::report() const {
  const auto by_us = gone_by_us();
  json::array all;
  for (const auto& region : regions_) {
    json::object place{
        {"project_id", project_id()}, {"project_name", project_name_}, {"region", region}};
    for (auto& [key, value] : report_of(region, by_us)) place[key] = std::move(value);
    place["not_visible"] = remarks(not_visible_, region);
    place["not_looked_at"] = unseen_in(not_looked_at(), region);
    place["absent"] = remarks(absent_, region);
    place["unverified"] = errors(unverified_);
    all.push_back(std::move(place));
  }
  return all;
}

}  // namespace ostclean::services
