// What interrupted runs have lent, as their journals tell, and how it is given back.
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"
#include "services/loan.hpp"
#include "services/loan_lines.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <set>

namespace ostclean::services {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// Of a run that ended, lent nothing that it kept, and is older than a month.
bool is_forgotten(const std::string& file, const std::vector<json::object>& lines) {
  if (lines.empty() || !loans_of(lines).empty()) return false;
  if (text_at(json::value(lines.back()), "event") != "end") return false;
  std::error_code ec;
  const auto touched = std::filesystem::last_write_time(file, ec);
  return !ec && std::filesystem::file_time_type::clock::now() - touched > std::chrono::days{30};
}

/// A line that somebody put in must not take a role from anybody.
result<void> believe(const std::vector<json::object>& lines, const std::string& file) {
  auto whole = plan::check_chain(lines, file);
  if (whole) return whole;
  error why = whole.error();
  why.message += "; what it lent is not given back";
  why.hint = "take back by hand the roles that its lines with \"lend\" name, and remove the file";
  return why;
}

std::string describe(const loan& one) {
  if (one.kind == loan::what::enabled) return "project " + one.project_id + " is enabled";
  return "role " + one.role_id + " of user " + one.user_id + " on project " + one.project_id;
}

std::string list_of(const known_loans& some) {
  std::string list;
  for (const auto& [where, one] : some) list += (list.empty() ? "" : "; ") + describe(one);
  return list;
}

/// One for each other cloud, in which the same ids may be somebody else's: nothing is sent.
std::vector<error> lent_elsewhere(const known_loans& open, const cloud_identity& here,
                                  const std::string& file) {
  std::map<std::string, known_loans> by_url;
  for (const auto& one : open)
    if (!one.first.may_be(here)) by_url[one.first.url].push_back(one);
  std::vector<error> all;
  for (const auto& [identity, some] : by_url) {
    error why{errc::config,
              fmt::format("an interrupted run has lent at {}, which is not this run's "
                          "{}, and not given back: {} ({})",
                          identity, here.url, list_of(some), file)};
    why.hint = "make one changing run with that endpoint, or take it back by hand";
    all.push_back(std::move(why));
  }
  return all;
}

/// A cloud that was made from another one's database has its Keystone's id and all others.
error gone_here(const cloud_identity& where, const loan& one, const cloud_identity& here,
                const std::string& file) {
  error why{errc::refused,
            fmt::format("an interrupted run has lent at {}, and at this run's {}, whose Keystone "
                        "has the same id, it is gone: {} ({})",
                        where.url, here.url, describe(one), file)};
  why.hint =
      "if these are two clouds, make one changing run with that endpoint, else remove the file";
  return why;
}

error lent_long_ago(const known_loans& old, const std::string& file, std::string_view since = "") {
  error why{errc::refused,
            fmt::format("an interrupted run has lent more than a day ago{}, and not given back: {} "
                        "({}, {})",
                        since, list_of(old), old.front().second.at, file)};
  why.hint = fmt::format(
      "somebody may want it by now; take it back by hand, or with 'ostclean delete --resume "
      "--journal {}', which goes on with the deletion as well",
      file);
  return why;
}

std::vector<std::string> journals_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ec))
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

bool is_same_file(const std::string& one, const std::string& other) {
  std::error_code ec;
  return std::filesystem::equivalent(one, other, ec) && !ec;
}

/// One that is gone has taken all along that was lent there: giving back tells.
asio::awaitable<result<bool>> is_enabled(auth::session& admin, std::string identity_url,
                                         std::string project) {
  http::request r{http::verb::get, identity_url + "/projects/" + http::percent_encode(project)};
  r.service = "identity";
  auto answer = co_await http::get_json_surely(admin, std::move(r));
  if (!answer && answer.error().status == 404) co_return true;
  if (!answer) co_return answer.error();
  co_return true_at(*answer, "project.enabled");
}

/// Projects of old loans that somebody has changed since, and of which that cannot be told.
class changed_projects {
 public:
  std::set<std::string> disabled;
  std::map<std::string, error> unknown;
};

/// A run leaves every project enabled in which it has lent. Where that is not so after a day
/// somebody has changed the project since, and may have changed its roles too.
asio::awaitable<changed_projects> changed_since(auth::session& admin, known_loans open,
                                                settlement how) {
  std::set<std::string> projects;
  for (const auto& entry : open)
    if (how.is_old(entry.second)) projects.insert(entry.second.project_id);
  changed_projects found;
  for (const auto& project : projects) {
    const auto enabled = co_await is_enabled(admin, how.here.url, project);
    if (!enabled) found.unknown.emplace(project, enabled.error());
    if (enabled && !*enabled) found.disabled.insert(project);
  }
  co_return found;
}

/// Takes out of `open`, and returns, what was lent long ago in one of these.
known_loans take_old(known_loans& open, const settlement& how,
                     const std::function<bool(const std::string& project)>& changed) {
  const auto first = std::stable_partition(open.begin(), open.end(), [&](const auto& entry) {
    return !how.is_old(entry.second) || !changed(entry.second.project_id);
  });
  known_loans taken{first, open.end()};
  open.erase(first, open.end());
  return taken;
}

/// The loans of one journal.
class journal_of_loans {
 public:
  journal_of_loans(auth::session& admin, std::string file, const settlement& how)
      : admin_(admin), file_(std::move(file)), how_(how) {}

  asio::awaitable<void> settle(unsettled& all) {
    auto lines = plan::read_journal(file_, false);
    if (lines && is_forgotten(file_, *lines)) {
      std::error_code ec;
      std::filesystem::remove(file_, ec);
      co_return;
    }
    if (lines)
      co_await settle_lines(*lines);
    else
      failed_.push_back(lines.error());
    const std::vector<json::object> none;
    if (!failed_.empty() && how_.is_resumed(file_, lines ? *lines : none)) all.of_resumed = true;
    all.why.insert(all.why.end(), failed_.begin(), failed_.end());
  }

 private:
  asio::awaitable<void> settle_lines(const std::vector<json::object>& lines) {
    auto open = loans_of(lines);
    if (auto whole = believe(lines, file_); !open.empty() && !whole) {
      failed_.push_back(whole.error());
      co_return;
    }
    failed_ = lent_elsewhere(open, how_.here, file_);
    std::erase_if(open, [&](const auto& one) { return !one.first.may_be(how_.here); });
    leave_old(open, lines);
    if (!how_.is_resumed(file_, lines)) co_await leave_changed(open);
    for (auto& [where, one] : open) co_await give_back(where, one);
  }

  asio::awaitable<void> leave_changed(known_loans& open) {
    const auto changed = co_await changed_since(admin_, open, how_);
    for (const auto& entry : changed.unknown) failed_.push_back(entry.second);
    (void)take_old(open, how_, [&](const auto& id) { return changed.unknown.contains(id); });
    const auto left =
        take_old(open, how_, [&](const auto& id) { return changed.disabled.contains(id); });
    if (!left.empty())
      failed_.push_back(
          lent_long_ago(left, file_, ", where somebody has disabled the project since"));
  }

  void leave_old(known_loans& open, const std::vector<json::object>& lines) {
    const auto first_old = std::stable_partition(open.begin(), open.end(), [&](const auto& one) {
      return !how_.is_too_old(one, file_, lines);
    });
    if (first_old == open.end()) return;
    failed_.push_back(lent_long_ago({first_old, open.end()}, file_));
    open.erase(first_old, open.end());
  }

  asio::awaitable<void> give_back(const cloud_identity& where, const loan& one) {
    auto back = co_await return_one(admin_, how_.here.url, one);
    const bool elsewhere = where.url != how_.here.url;
    result<void> done;
    if (!back)
      done = back.error();
    else if (!*back && elsewhere)
      done = gone_here(where, one, how_.here, file_);
    else
      done = plan::append_to_journal(file_, as_line("returned", where, one));
    if (!done) failed_.push_back(done.error());
    if (done) how_.note(one);
  }

  auth::session& admin_;
  std::string file_;
  const settlement& how_;
  std::vector<error> failed_;
};

}  // namespace

bool settlement::is_too_old(const known_loan& entry, const std::string& file,
                            const std::vector<json::object>& lines) const {
  const auto& [where, one] = entry;
  // A cloud that was made from that one's database has its own history since.
  const bool sure = one.absent && where.url == here.url;
  return !sure && is_old(one) && !is_resumed(file, lines);
}

bool settlement::is_old(const loan& one) const {
  const auto lent = parse_iso8601(one.at);
  return !lent || now - *lent > std::chrono::hours{24};
}

bool settlement::is_resumed(const std::string& file, const std::vector<json::object>& lines) const {
  return resumed == "*" || is_same_file(file, resumed) ||
         is_same_file(run_of_loans(lines), resumed);
}

asio::awaitable<known_loans> returnable_loans(auth::session& admin, std::string folder,
                                              settlement how) {
  known_loans all;
  for (const auto& file : journals_in(folder)) {
    auto lines = plan::read_journal(file, true);
    if (!lines) continue;
    auto open = loans_of(*lines);
    if (open.empty() || !plan::check_chain(*lines, file)) continue;
    std::erase_if(open, [&](const auto& one) {
      return !one.first.may_be(how.here) || how.is_too_old(one, file, *lines);
    });
    if (!how.is_resumed(file, *lines)) {
      const auto changed = co_await changed_since(admin, open, how);
      (void)take_old(open, how, [&](const auto& id) {
        return changed.unknown.contains(id) || changed.disabled.contains(id);
      });
    }
    all.insert(all.end(), open.begin(), open.end());
  }
  co_return all;
}

asio::awaitable<unsettled> give_back_unfinished(auth::session& admin, std::string folder,
                                                settlement how) {
  unsettled all;
  for (const auto& file : journals_in(folder)) {
    journal_of_loans one{admin, file, how};
    co_await one.settle(all);
  }
  co_return all;
}

}  // namespace ostclean::services
