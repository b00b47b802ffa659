#include "services/plan_document.hpp"

#include "core/digest.hpp"
#include "core/json.hpp"
#include "core/line_file.hpp"
#include "core/time.hpp"

#include <fmt/core.h>
#include <sys/stat.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace ostclean::services {
namespace json = boost::json;
namespace {

constexpr int k_version = 2;
constexpr std::size_t k_most_plan_bytes = 256UL << 20;

/// The texts of an object by the name they have in the file.
using member = std::string planned_object::*;
constexpr std::pair<const char*, member> k_members[] = {
    {"kind", &planned_object::kind},
    {"id", &planned_object::id},
    {"name", &planned_object::name},
    {"project_id", &planned_object::project_id},
    {"region", &planned_object::region},
    {"endpoint", &planned_object::endpoint},
    {"parent", &planned_object::parent},
    {"user_id", &planned_object::user_id},
    {"created", &planned_object::created},
    {"updated", &planned_object::updated},
    {"fingerprint", &planned_object::fingerprint}};

json::object line_of(const planned_object& one) {
  json::object line;
  for (const auto& [name, text] : k_members) line[name] = one.*text;
  line["preserve"] = one.preserve;
  line["unlock"] = one.unlock;
  return line;
}

std::vector<std::string> strings_in(const json::value& list) {
  std::vector<std::string> texts;
  if (list.is_array())
    for (const auto& one : list.get_array())
      if (one.is_string()) texts.emplace_back(std::string_view{one.get_string()});
  return texts;
}

/// To the millisecond: what was made in the same second may be older or newer.
std::string precise(sys_time when) {
  const auto part = std::chrono::floor<std::chrono::milliseconds>(when) -
                    std::chrono::floor<std::chrono::seconds>(when);
  std::string text = format_rfc3339(when);
  return text.insert(text.size() - 1, fmt::format(".{:03}", part.count()));
}

json::object body_of(const plan_document& plan) {
  json::array projects, objects, along;
  json::object options;
  for (const auto& [name, values] : plan.options)
    options[name] = json::array(values.begin(), values.end());
  for (const auto& one : plan.projects)
    projects.push_back(json::object{{"id", one.id}, {"name", one.name}});
  for (const auto& [key, one] : plan.objects) (one.along ? along : objects).push_back(line_of(one));
  json::array blind;
  for (const auto& one : plan.not_looked_at) blind.push_back(to_json(one));
  json::object body{{"version", k_version}};
  plan.cloud.write(body, "cloud");
  body["caller"] = json::object{{"id", plan.user_id}, {"name", plan.user_name}};
  body["created"] = precise(plan.made);
  body["as_users"] = plan.as_users;
  body["options"] = std::move(options);
  body["projects"] = std::move(projects);
  body["objects"] = std::move(objects);
  body["along"] = std::move(along);
  body["not_looked_at"] = std::move(blind);
  return body;
}

const json::array& array_at(const json::value& in, std::string_view name) {
  static const json::array nothing;
  const auto* found = find(in, name);
  return found && found->is_array() ? found->get_array() : nothing;
}

planned_object object_of(const json::value& line, bool along) {
  planned_object object;
  for (const auto& [name, text] : k_members) object.*text = text_at(line, name);
  object.along = along;
  object.preserve = true_at(line, "preserve");
  object.unlock = true_at(line, "unlock");
  return object;
}

plan_document document_of(const json::value& value) {
  plan_document plan;
  plan.cloud = cloud_identity::read(value, "cloud");
  plan.user_id = text_at(value, "caller.id");
  plan.user_name = text_at(value, "caller.name");
  plan.as_users = true_at(value, "as_users");
  if (const auto* given = find(value, "options"); given && given->is_object())
    for (const auto& [name, values] : given->get_object())
      plan.options[std::string{name}] = strings_in(values);
  for (const auto& one : array_at(value, "projects")) {
    planned_project project;
    project.id = text_at(one, "id");
    project.name = text_at(one, "name");
    plan.projects.push_back(std::move(project));
  }
  for (const bool along : {false, true})
    for (const auto& one : array_at(value, along ? "along" : "objects")) {
      auto object = object_of(one, along);
      plan.objects.emplace(object.key(), std::move(object));
    }
  return plan;
}

}  // namespace

json::object to_json(const plan_document& plan) {
  auto body = body_of(plan);
  body["sha256"] = sha256(json::serialize(body));
  return body;
}

result<plan_document> plan_from_json(const json::value& value, const std::string& where) {
  const auto damaged = [&where](const char* what) {
    return error{errc::config, where + ": " + what};
  };
  const auto* object = value.if_object();
  if (!object || !object->contains("objects") || !object->contains("sha256"))
    return damaged("not a plan of ostclean");
  // Erasing would change the order of the rest, and with it the digest.
  json::object body;
  for (const auto& member : *object)
    if (member.key() != "sha256") body.emplace(member.key(), member.value());
  if (text_at(value, "version") != std::to_string(k_version))
    return damaged("a plan of another version of ostclean");
  if (text_at(value, "sha256") != sha256(json::serialize(body)))
    return damaged("the plan was changed after it was written");
  const auto made = parse_iso8601(text_at(value, "created"));
  if (!made) return damaged("the plan does not say when it was made");
  auto plan = document_of(value);
  plan.made = *made;
  return plan;
}

result<void> write_plan(const std::string& file, const plan_document& plan) {
  auto out = line_file::open(file, line_file::mode::fresh);
  if (!out) return out.error();
  auto written = (*out)->append(json::serialize(to_json(plan)));
  if (!written) return written.error();
  return {};
}

result<plan_document> read_plan(const std::string& file) {
  struct stat about {};
  const bool there = ::stat(file.c_str(), &about) == 0;
  const bool regular = there && S_ISREG(about.st_mode);
  std::ifstream in;
  if (regular) in.open(file, std::ios::binary);  // to open a FIFO is to wait for its writer
  if (!regular || !in)
    return error{errc::config, "cannot read the plan " + file + ": " +
                                   (there && !regular ? "not a file" : std::strerror(errno))};
  if (about.st_size > static_cast<off_t>(k_most_plan_bytes))
    return error{errc::config, file + ": too large for a plan"};
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  boost::system::error_code ec;
  const auto value = json::parse(text, ec);
  if (ec) return error{errc::config, file + ": not valid JSON: " + ec.message()};
  return plan_from_json(value, file);
}

}  // namespace ostclean::services
