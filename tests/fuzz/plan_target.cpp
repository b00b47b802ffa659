// The plan that --apply obeys: it comes back as it was written, and one that anybody changed is
// refused.
#include "core/json.hpp"
#include "services/plan_document.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <boost/json.hpp>

using namespace ostclean;
using namespace ostclean::fuzz;
namespace json = boost::json;

namespace {

std::string text(const json::value& in, const char* name) { return text_at(in, name); }

services::planned_object object_of(const json::value& from) {
  services::planned_object one;
  one.kind = text(from, "kind");
  one.id = text(from, "id");
  one.name = text(from, "name");
  one.project_id = text(from, "project_id");
  one.region = text(from, "region");
  one.endpoint = text(from, "endpoint");
  one.parent = text(from, "parent");
  one.user_id = text(from, "user_id");
  one.created = text(from, "created");
  one.updated = text(from, "updated");
  one.fingerprint = text(from, "fingerprint");
  one.along = true_at(from, "along");
  one.preserve = true_at(from, "preserve");
  one.unlock = true_at(from, "unlock");
  return one;
}

/// A plan with the texts of any JSON.
services::plan_document plan_of(const json::value& from, unsigned seconds) {
  services::plan_document plan;
  plan.cloud = services::cloud_identity{text(from, "cloud"), text(from, "keystone_id")};
  plan.user_id = text(from, "caller.id");
  plan.user_name = text(from, "caller.name");
  plan.made = sys_time{std::chrono::milliseconds{seconds * 1001L}};
  plan.as_users = true_at(from, "as_users");
  if (const auto* options = find(from, "options"); options && options->is_object())
    for (const auto& [name, values] : options->get_object())
      plan.options[std::string{name}] = texts_at(from, "options." + std::string{name});
  if (const auto* list = find(from, "objects"); list && list->is_array())
    for (const auto& one : list->get_array()) {
      auto object = object_of(one);
      services::planned_project project;
      project.id = object.project_id;
      project.name = object.name;
      plan.projects.push_back(std::move(project));
      plan.objects.emplace(object.key(), std::move(object));
    }
  return plan;
}

void check_written(const services::plan_document& plan) {
  const json::object written = services::to_json(plan);
  boost::system::error_code ec;
  const auto value = json::parse(json::serialize(written), ec);
  require(!ec, "a plan is JSON");
  const auto again = services::plan_from_json(value, "plan");
  require(again.has_value(), "a plan that was written is one", again ? "" : again.error().line());
  require(services::to_json(*again) == written, "a plan survives being written",
          json::serialize(written));
  require(again->objects.size() == plan.objects.size() && again->options == plan.options,
          "a plan keeps its objects and options", json::serialize(written));
}

void check_changed(const services::plan_document& plan, unsigned at, unsigned how) {
  const json::value written = services::to_json(plan);
  std::string text = json::serialize(written);
  char& byte = text[at % text.size()];
  byte = static_cast<char>(byte ^ static_cast<char>(how == 0 ? 1 : how));
  const auto read = services::read_plan(scratch_file("plan", text));
  require(!read || json::parse(text) == written, "a changed plan is refused", text);
}

}  // namespace

/// Two bytes for the place of the damage, one for what it is, then JSON.
extern "C" int fuzz_plan(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  const unsigned place = take_byte(text) * 256 + take_byte(text);
  const unsigned how = take_byte(text);
  if (const auto read = services::read_plan(scratch_file("plan", text))) check_written(*read);
  boost::system::error_code ec;
  const auto value = json::parse(json::string_view{text.data(), text.size()}, ec);
  if (ec) return 0;
  const auto plan = plan_of(value, place * how);
  check_written(plan);
  check_changed(plan, place, how);
  return 0;
}
