// The files with passwords and trusts: never an entry without a user, never a password in what is
// said about the file, and what `reset` adds to a file is found again.
#include "services/credentials_out.hpp"
#include "services/selection_files.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

using namespace ostclean;
using namespace ostclean::fuzz;
using services::credentials;
using services::credentials_format;
using services::credentials_out;

namespace {

const std::string password = "Pa55word-of-the-new-one";

void check_error(const error& e) {
  require(e.code == errc::config, "a file that is refused is a mistake in the settings");
  require_hidden(e.line(), "hunter2");
}

std::string as_json(const std::vector<credentials>& all) {
  std::string text;
  for (const auto& one : all) {
    boost::json::object line{{"user_id", one.user_id},           {"user_name", one.user_name},
                             {"domain_id", one.domain_id},       {"project_id", one.project_id},
                             {"project_name", one.project_name}, {"password", one.password},
                             {"trust_id", one.trust_id}};
    text += boost::json::serialize(line) + "\n";
  }
  return text;
}

bool same(const credentials& a, const credentials& b) {
  return a.user_id == b.user_id && a.user_name == b.user_name && a.domain_id == b.domain_id &&
         a.project_id == b.project_id && a.project_name == b.project_name &&
         a.password == b.password && a.trust_id == b.trust_id;
}

/// Whatever the users are called, what is said of one that is listed twice leaves out the password.
void check_warnings(std::vector<credentials> all) {
  std::string public_parts;
  for (auto& one : all) {
    public_parts += one.label() + one.user_id + one.domain_id + one.project_id + one.project_name;
    one.password = password;
  }
  if (public_parts.find(password) != std::string::npos) return;
  const auto twice = services::parse_credentials(as_json(all) + as_json(all), "credentials");
  if (!twice) return require_hidden(twice.error().line(), password);
  require(twice->warnings.size() >= all.size(), "an entry that is listed twice is told");
  for (const auto& warning : twice->warnings) require_hidden(warning, password);
}

using reader = decltype(&services::parse_credentials);

void check_again(const std::vector<credentials>& all, reader parse) {
  const auto again = parse(as_json(all), "credentials");
  // Plain lines may hold bytes that JSON cannot.
  if (!again && again.error().message.find("not valid JSON") != std::string::npos) return;
  require(again && again->entries.size() == all.size(), "credentials survive being written");
  for (std::size_t i = 0; i < all.size(); ++i)
    require(same(all[i], again->entries[i]), "an entry survives being written", all[i].user_id);
}

void check_file(std::string_view text) {
  const auto read = services::parse_credentials(text, "credentials");
  if (!read) return check_error(read.error());
  for (const auto& one : read->entries) {
    require(!one.label().empty() && !one.password.empty(), "an entry has a user and a password");
    require(!one.project_id.empty() || !one.project_name.empty(), "an entry has a project");
  }
  check_warnings(read->entries);
  check_again(read->entries, &services::parse_credentials);
}

void check_trusts(std::string_view text) {
  const auto read = services::parse_trusts(text, "credentials");
  if (!read) return check_error(read.error());
  for (const auto& one : read->entries) {
    require(!one.user_id.empty() && !one.trust_id.empty(), "a trust has a user and an id");
    require(one.password.empty(), "a trust has no password");
  }
  check_again(read->entries, &services::parse_trusts);
}

services::user new_user() {
  services::user who;
  who.id = "0123456789abcdef0123456789abcdef";
  who.name = "the new one";
  who.domain_id = "default";
  who.default_project_id = "fedcba9876543210fedcba9876543210";
  return who;
}

/// What `reset --append` does with a file that is there.
void check_added(std::string_view text, credentials_format how) {
  const std::string file = scratch_file("credentials", text);
  const auto who = new_user();
  {
    auto out = credentials_out::open(file, true, how);
    if (!out) {
      const auto whole = text.substr(0, text.rfind('\n') + 1);
      require(contents_of(file).starts_with(whole), "a file that is refused keeps its lines");
      return require_hidden(out.error().line(), "hunter2");
    }
    if ((*out)->find(who)) return;
    const auto made = (*out)->add(who, password);
    require(made && (*out)->mark_done(*made).has_value(), "a line is added");
  }
  const auto out = credentials_out::open(file, true, how);
  require(out.has_value(), "a file that was added to is one", out ? "" : out.error().line());
  const auto* found = (*out)->find(who);
  require(found && found->password == password, "what was added is found");
  require(how == credentials_format::csv || (found->done && !found->mark_at), "its mark is read");
  if (how == credentials_format::json)
    require(services::read_credentials_file(file).has_value(), "the others can read it");
}

}  // namespace

extern "C" int fuzz_credentials(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  check_file(text);
  check_trusts(text);
  check_added(text, credentials_format::json);
  check_added(text, credentials_format::csv);
  return 0;
}
