#include "services/loan.hpp"

#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/loan_lines.hpp"

#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>

namespace ostclean::services {
namespace asio = boost::asio;
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

/// Who may not lend may not take back either, but often look.
asio::awaitable<bool> is_absent(auth::session& admin, std::string url) {
  for (int asked = 0; asked < 2; ++asked) {
    std::string same = url;
    auto there = co_await change(admin, http::verb::head, std::move(same), "");
    if (there || there.error().status != 404) co_return false;
  }
  co_return true;
}

}  // namespace

/// A gateway in trouble says 404 as well, and Keystone 409 or 500 for a moment: it is asked again.
asio::awaitable<result<bool>> return_one(auth::session& admin, std::string identity_url, loan one) {
  result<void> done;
  int gone = 0;
  for (int asked = 0; asked < 3 && gone < 2; ++asked) {
    if (one.kind == loan::what::role) {
      std::string url = identity_url + role_path(one);
      done = co_await change(admin, http::verb::del, std::move(url), "");
    } else {
      done = co_await set_enabled(admin, identity_url, one.project_id, false);
    }
    if (done) co_return true;
    if (done.error().status == 404)
      ++gone;
    else if (done.error().status < 409)
      break;
  }
  bool absent = gone == 2;
  if (done.error().status == 403 && one.kind == loan::what::role)
    absent = co_await is_absent(admin, identity_url + role_path(one));
  if (absent) co_return false;
  co_return done.error();
}

result<void> lender::record(const char* event, const loan& one) {
  return log_.write(as_line(event, where_, one));
}

asio::awaitable<result<void>> lender::enable(std::string project_id) {
  loan one{loan::what::enabled, std::move(project_id), "", ""};
  one.at = format_rfc3339(wall_clock());
  if (auto written = record("lend", one); !written) co_return written.error();
  taken_.push_back(one);
  auto enabled = co_await set_enabled(admin_, where_.url, one.project_id, true);
  if (enabled || enabled.error().code != errc::interrupted || enabled.error().repeated)
    co_return enabled;
  taken_.pop_back();  // it was never sent
  if (auto written = record("returned", one); !written) co_return written.error();
  co_return enabled;
}

bool is_admin_name(const std::string& role) { return boost::algorithm::iequals(role, "admin"); }

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
  co_return std::any_of(names.begin(), names.end(), is_admin_name);
}

asio::awaitable<result<std::string>> lender::admin_role() {
  if (!admin_role_.empty()) co_return admin_role_;
  http::request r{http::verb::get, where_.url + "/roles?name=admin"};
  r.service = "identity";
  auto roles = co_await http::get_json(admin_, std::move(r));
  if (!roles) co_return roles.error();
  if (const auto* list = find(*roles, "roles"); list && list->is_array())
    for (const auto& role : list->get_array())
      if (is_admin_name(text_at(role, "name")) && text_at(role, "domain_id").empty())
        admin_role_ = text_at(role, "id");
  if (admin_role_.empty())
    co_return error{errc::config, "this cloud has no role 'admin' to act with in the project"};
  co_return admin_role_;
}

asio::awaitable<result<bool>> lender::lend_role(std::string project_id, std::string user_id) {
  auto has = co_await has_admin_role(admin_, where_.url, project_id, user_id);
  if (!has) co_return has.error();
  if (*has) co_return false;
  auto role = co_await admin_role();
  if (!role) co_return role.error();
  loan one{loan::what::role, std::move(project_id), std::move(user_id), *role};
  one.at = format_rfc3339(wall_clock());
  one.absent = true;
  if (auto written = record("lend", one); !written) co_return written.error();
  taken_.push_back(one);
  std::string url = where_.url + role_path(one);
  auto granted = co_await change(admin_, http::verb::put, std::move(url), "");
  if (granted) co_return true;
  const error why = granted.error();
  // Refused may still be lent: by an earlier attempt whose answer was lost. Otherwise it never was,
  // and what somebody grants later is not to be taken back.
  const bool refused = why.status == 401 || why.status == 403 || why.code == errc::interrupted;
  if (refused && !why.repeated) {
    taken_.pop_back();
    if (auto written = record("returned", one); !written) co_return written.error();
  }
  co_return why;
}

asio::awaitable<result<void>> lender::return_and_record(loan one) {
  auto back = co_await return_one(admin_, where_.url, one);
  if (!back) co_return back.error();
  co_return record("returned", one);
}

asio::awaitable<void> lender::give_back_in(std::string project_id) {
  std::vector<loan> later;
  while (!taken_.empty()) {
    loan one = taken_.back();
    taken_.pop_back();
    result<void> done = error{errc::refused, "not now"};
    if (one.project_id == project_id) done = co_await return_and_record(one);
    if (!done) later.push_back(std::move(one));
  }
  taken_.assign(later.rbegin(), later.rend());
}

asio::awaitable<std::vector<error>> lender::give_back() {
  std::vector<error> failed;
  while (!taken_.empty()) {
    loan one = taken_.back();
    taken_.pop_back();
    auto done = co_await return_and_record(one);
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

}  // namespace ostclean::services
