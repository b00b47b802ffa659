#include "services/loan.hpp"

#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

std::string role_path(const loan& one) {
  return "/projects/" + http::percent_encode(one.project_id) + "/users/" +
         http::percent_encode(one.user_id) + "/roles/" + http::percent_encode(one.role_id);
}

asio::awaitable<result<void>> change(auth::session& admin, http::verb method, std::string url,
                                     std::string body) {
  http::request r{method, std::move(url)};
  r.service = "identity";
  if (!body.empty()) r.headers.set("Content-Type", "application/json");
  r.body = std::move(body);
  http::request said{r.method, r.url};
  auto answer = co_await admin.send(std::move(r));
  if (!answer) co_return answer.error();
  if (answer->status >= 400) co_return http::to_error(*answer, said);
  co_return result<void>{};
}

asio::awaitable<result<void>> set_enabled(auth::session& admin, std::string identity_url,
                                          std::string project_id, bool on) {
  std::string url = identity_url + "/projects/" + http::percent_encode(project_id);
  std::string body = std::string{R"({"project":{"enabled":)"} + (on ? "true" : "false") + "}}";
  co_return co_await change(admin, http::verb::patch, std::move(url), std::move(body));
}

/// What is gone needs no giving back.
asio::awaitable<result<void>> return_one(auth::session& admin, std::string identity_url, loan one) {
  result<void> done;
  if (one.kind == loan::what::role) {
    std::string url = identity_url + role_path(one);
    done = co_await change(admin, http::verb::del, std::move(url), "");
  } else {
    done = co_await set_enabled(admin, identity_url, one.project_id, false);
  }
  if (!done && done.error().status == 404) co_return result<void>{};
  co_return done;
}

json::object as_line(const char* event, const std::string& identity_url, const loan& one) {
  return {{"event", event},           {"what", one.kind == loan::what::role ? "role" : "enabled"},
          {"identity", identity_url}, {"project_id", one.project_id},
          {"user_id", one.user_id},   {"role_id", one.role_id}};
}

loan from_line(const json::value& line) {
  auto kind = text_at(line, "what") == "role" ? loan::what::role : loan::what::enabled;
  return {kind, text_at(line, "project_id"), text_at(line, "user_id"), text_at(line, "role_id")};
}

bool same(const loan& a, const loan& b) {
  return a.kind == b.kind && a.project_id == b.project_id && a.user_id == b.user_id &&
         a.role_id == b.role_id;
}

using dated_loans = std::vector<std::pair<std::string, loan>>;

dated_loans loans_of(const std::vector<json::object>& lines) {
  dated_loans open;
  for (const auto& object : lines) {
    const json::value line(object);  // braces would make an array of it
    auto event = text_at(line, "event");
    if (event != "lend" && event != "returned") continue;
    auto one = from_line(line);
    if (event == "lend")
      open.emplace_back(text_at(line, "identity"), std::move(one));
    else
      std::erase_if(open, [&](const auto& entry) { return same(entry.second, one); });
  }
  return open;
}

/// Of a run that ended, lent nothing that it kept, and is older than a month.
bool is_forgotten(const std::string& file, const std::vector<json::object>& lines) {
  if (lines.empty() || !loans_of(lines).empty()) return false;
  if (text_at(json::value(lines.back()), "event") != "end") return false;
  std::error_code ec;
  const auto touched = std::filesystem::last_write_time(file, ec);
  return !ec && std::filesystem::file_time_type::clock::now() - touched > std::chrono::days{30};
}

std::vector<std::string> journals_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ec))
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

dated_loans unfinished_loans(const std::string& folder, bool running) {
  dated_loans all;
  for (const auto& file : journals_in(folder)) {
    auto lines = plan::read_journal(file, running);
    if (!lines) continue;
    auto open = loans_of(*lines);
    all.insert(all.end(), open.begin(), open.end());
  }
  return all;
}

result<void> lender::record(const char* event, const loan& one) {
  return log_.write(as_line(event, identity_url_, one));
}

asio::awaitable<result<void>> lender::enable(std::string project_id) {
  loan one{loan::what::enabled, std::move(project_id), "", ""};
  if (auto written = record("lend", one); !written) co_return written.error();
  taken_.push_back(one);
  co_return co_await set_enabled(admin_, identity_url_, one.project_id, true);
}

asio::awaitable<result<bool>> has_admin_role(auth::session& admin, std::string identity_url,
                                             std::string project_id, std::string user_id) {
  http::request r{http::verb::get, identity_url +
                                       "/role_assignments?effective&include_names&user.id=" +
                                       http::percent_encode(user_id) +
                                       "&scope.project.id=" + http::percent_encode(project_id)};
  r.service = "identity";
  auto answer = co_await http::get_json(admin, std::move(r));
  if (!answer) co_return answer.error();
  auto names = texts_at(*answer, "role_assignments.role.name");
  co_return std::find(names.begin(), names.end(), "admin") != names.end();
}

asio::awaitable<result<std::string>> lender::admin_role() {
  if (!admin_role_.empty()) co_return admin_role_;
  http::request r{http::verb::get, identity_url_ + "/roles?name=admin"};
  r.service = "identity";
  auto roles = co_await http::get_json(admin_, std::move(r));
  if (!roles) co_return roles.error();
  if (const auto* list = find(*roles, "roles"); list && list->is_array())
    for (const auto& role : list->get_array())
      if (text_at(role, "name") == "admin" && text_at(role, "domain_id").empty())
        admin_role_ = text_at(role, "id");
  if (admin_role_.empty())
    co_return error{errc::config, "this cloud has no role 'admin' to act with in the project"};
  co_return admin_role_;
}

asio::awaitable<result<bool>> lender::lend_role(std::string project_id, std::string user_id) {
  auto has = co_await has_admin_role(admin_, identity_url_, project_id, user_id);
  if (!has) co_return has.error();
  if (*has) co_return false;
  auto role = co_await admin_role();
  if (!role) co_return role.error();
  loan one{loan::what::role, std::move(project_id), std::move(user_id), *role};
  if (auto written = record("lend", one); !written) co_return written.error();
  taken_.push_back(one);
  std::string url = identity_url_ + role_path(one);
  auto granted = co_await change(admin_, http::verb::put, std::move(url), "");
  if (granted) co_return true;
  // Refused is not lent; anything else may have been.
  if (granted.error().status >= 400 && granted.error().status < 500) {
    std::erase_if(taken_, [&](const loan& other) { return same(other, one); });
    (void)record("returned", one);
  }
  co_return granted.error();
}

asio::awaitable<std::vector<error>> lender::give_back() {
  std::vector<error> failed;
  while (!taken_.empty()) {
    loan one = taken_.back();
    taken_.pop_back();
    auto done = co_await return_one(admin_, identity_url_, one);
    if (done) done = record("returned", one);
    if (done) continue;
    error why = done.error();
    why.message = "cannot give back the " +
                  std::string{one.kind == loan::what::role ? "role" : "enabled flag"} +
                  " of project " + one.project_id + ": " + why.message;
    why.hint = "the next changing run tries again";
    failed.push_back(std::move(why));
  }
  co_return failed;
}

asio::awaitable<std::vector<error>> give_back_unfinished(auth::session& admin,
                                                         std::string identity_url,
                                                         std::string folder,
                                                         std::function<void(std::string)> note) {
  std::vector<error> failed;
  for (const auto& file : journals_in(folder)) {
    auto lines = plan::read_journal(file, false);
    if (!lines) failed.push_back(lines.error());
    if (!lines) continue;
    if (is_forgotten(file, *lines)) {
      std::error_code ec;
      std::filesystem::remove(file, ec);
      continue;
    }
    for (auto& [identity, one] : loans_of(*lines)) {
      if (identity != identity_url) continue;
      auto done = co_await return_one(admin, identity_url, one);
      if (!done) {
        failed.push_back(done.error());
        continue;
      }
      if (auto marked = plan::append_to_journal(file, as_line("returned", identity, one)); !marked)
        failed.push_back(marked.error());
      note("gave back what an interrupted run had lent in project " + one.project_id);
    }
  }
  co_return failed;
}

}  // namespace ostclean::services
