#include "services/states.hpp"

#include "core/json.hpp"

namespace ostclean::services {
using plan::step;

bool is_being_deleted(const item& one, std::string_view status) {
  if (one.row->name == "server" && text_at(one.data, "status") == "DELETED") return true;
  if (one.row->name == "zone" && text_at(one.data, "status") == "ERROR") return false;
  if (status == "DELETE" || status.starts_with("deleting") || status == "soft-deleting")
    return true;
  return status == "PENDING_DELETE" || status == "DELETE_IN_PROGRESS" ||
         status == "DELETE_COMPLETE";
}

bool is_set_aside(const item& one) {
  return one.row->name == "server" && text_at(one.data, "status") == "SOFT_DELETED";
}

bool is_busy(std::string_view status) {
  if (status.starts_with("error"))
    return false;  // "error_deleting" ends like a word for something under way
  if (status.starts_with("PENDING_")) return true;
  return status.ends_with("ing") || status == "backing-up" || status == "restoring-backup";
}

bool is_broken(const item& one, std::string_view status) {
  if (one.row->name == "server") {
    auto state = text_at(one.data, "status");
    // A cloud that keeps deleted servers for a while (reclaim_instance_interval) keeps their ports
    // and volumes too.
    return status.empty() && (state == "ERROR" || state == "SOFT_DELETED");
  }
  if (one.row->name == "zone") return text_at(one.data, "status") == "ERROR";
  auto words = one.row->broken;
  for (auto word = next_reference(words); !word.kind.empty(); word = next_reference(words))
    if (status == word.kind) return true;
  return false;
}

std::string state_of(const item& one) {
  std::string status = text_at(one.data, one.row->name == "server" ? "status" : one.row->status);
  return status.empty() ? "as it was" : status;
}

std::string fault_of(const item& one) {
  for (auto field : {"fault.message", "stack_status_reason", "fail_reason"})
    if (auto text = text_at(one.data, field); !text.empty()) return ": " + text;
  return {};
}

bool is_or_gets_shelved(const boost::json::value& server) {
  return text_at(server, "status").starts_with("SHELVED") ||
         text_at(server, "OS-EXT-STS:task_state").find("shelving") != std::string::npos;
}

step step_of(const item& one, const error& why) {
  // Octavia's 409 for a load balancer on its way elsewhere.
  if (why.status == 409 && one.row->service == "load-balancer" &&
      why.message.find("PENDING") != std::string::npos)
    return step{step::kind::accepted};
  // Cinder says 400 where the others say 409.
  if (why.status == 409 || (why.status == 400 && one.row->service == "block-storage"))
    return step{
        is_busy(text_at(one.data, one.row->status)) ? step::kind::accepted : step::kind::conflict,
        why};
  if (why.status == 500) return step{step::kind::conflict, why};
  return step{step::kind::failed, why};
}

}  // namespace ostclean::services
