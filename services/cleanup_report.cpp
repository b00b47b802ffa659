// What a cleanup did, as the JSON that `delete -f json` prints and --report writes. The keys are
// part of the interface.
#include "services/cleanup.hpp"

#include <set>

namespace ostclean::services {
namespace json = boost::json;
namespace {

json::object entry(const item& one, const std::string& reason) {
  json::object o{{"kind", one.row->name}, {"id", one.id}, {"name", one.name}};
  if (!reason.empty()) o["reason"] = reason;
  if (one.children > 0 && one.row->name == "container") o["objects"] = one.children;
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

}  // namespace

json::array cleanup::report() const {
  json::array all;
  for (const auto& region : regions_) {
    json::object before, after;
    json::array deleted, failed, kept;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const item& one = items_[i];
      if (one.region != region) continue;
      count(before, one.row->name);
      if (gone_[i]) {
        if (one.decided != item::fate::unselected) deleted.push_back(entry(one, ""));
        continue;
      }
      count(after, one.row->name);
      const bool chosen = one.decided == item::fate::kept || one.decided == item::fate::unselected;
      const bool kept_late =
          one.decided == item::fate::goes && outcomes_[i].how == plan::step::kind::kept;
      if (chosen || kept_late)
        kept.push_back(entry(one, chosen ? one.reason : outcomes_[i].reason));
    }
    for (const auto& left : remains_)
      if (left.what.region == region) failed.push_back(entry(left.what, left.why));
    for (const auto& one : unexpected_) {
      if (one.region != region) continue;
      count(after, one.row->name);
      failed.push_back(entry(one, "appeared during the run"));
    }
    json::object place{{"project_id", project_id()},
                       {"project_name", project_name_},
                       {"region", region},
                       {"before", std::move(before)},
                       {"after", std::move(after)},
                       {"deleted", std::move(deleted)},
                       {"failed", std::move(failed)},
                       {"kept", std::move(kept)},
                       {"not_visible", remarks(not_visible_, region)},
                       {"absent", remarks(absent_, region)}};
    json::array errors;
    for (const auto& e : unverified_) errors.push_back(json::string(e.line()));
    place["unverified"] = std::move(errors);
    all.push_back(std::move(place));
  }
  return all;
}

}  // namespace ostclean::services
