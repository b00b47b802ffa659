// A Keystone that is a few JSON lists: it answers the reads of services/identity.hpp with the real
// service's filters and words, and writes down what was asked, so that a test can say who exists
// instead of listing requests.
#pragma once

#include "core/http/transport.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ostclean::testing {

namespace json = boost::json;

class keystone_model : public http::transport {
 public:
  static constexpr const char* base = "http://keystone/v3";

  std::map<std::string, json::array> lists;   ///< "users", "projects", "roles", "domains", ...
  std::map<std::string, json::array> groups;  ///< members by group id
  std::vector<std::string> asked;             ///< path and query of every request, in order
  std::set<std::string> forbidden;            ///< first path segments that are 403
  std::set<std::string> own_driver;           ///< domains whose users a plain list leaves out
  std::size_t list_limit = 0;                 ///< 0: none
  bool pages = false;       ///< as since 2025.1; before, limit and marker mean nothing
  bool directory = false;   ///< with it: users come out of LDAP, which knows no markers
  std::size_t most = 1000;  ///< of one page, also where no limit is asked for: nothing tells of it
  std::map<std::string, json::array> tokens;  ///< roles by token id, for X-Subject-Token

  void add(const std::string& list, const std::string& body) {
    lists[list].push_back(json::parse(body));
  }
  void add_user(const std::string& id, const std::string& project, const std::string& more = "") {
    add("users", R"({"id":")" + id + R"(","name":"name-)" + id + R"(","domain_id":"default",)" +
                     R"("default_project_id":")" + project + "\"" + (more.empty() ? "" : ",") +
                     more + "}");
  }
  void add_project(const std::string& id, const std::string& more = "") {
    add("projects", R"({"id":")" + id + R"(","name":"name-)" + id +
                        R"(","domain_id":"default","enabled":true)" + (more.empty() ? "" : ",") +
                        more + "}");
  }
  void add_role(const std::string& name) {
    add("roles", R"({"id":"id-)" + name + R"(","name":")" + name + "\"}");
  }
  /// The default domain with the usual roles, and an administrator "root" in the project "adm".
  void add_administrator() {
    for (const char* name : {"admin", "trial", "community", "basic", "member"}) add_role(name);
    add("domains", R"({"id":"default","name":"Default"})");
    add("projects", R"({"id":"adm","name":"admin","domain_id":"default"})");
    add_user("root", "adm");
    grant("admin", "root", "adm");
  }
  void grant(const std::string& role, const std::string& user, const std::string& project) {
    assign(role, R"("user":{"id":")" + user + "\"}", project);
  }
  void grant_group(const std::string& role, const std::string& group, const std::string& project) {
    assign(role, R"("group":{"id":")" + group + "\"}", project);
  }
  std::size_t count(const std::string& begin) const {
    std::size_t n = 0;
    for (const auto& one : asked) n += one.starts_with(begin) ? 1 : 0;
    return n;
  }

  http::asio::awaitable<result<http::response>> send(http::request r) override {
    co_return answer(r);
  }

 private:
  void assign(const std::string& role, const std::string& who, const std::string& project) {
    const std::string scope = project.empty() ? R"("scope":{"system":{"all":true}})"
                                              : R"("scope":{"project":{"id":")" + project + "\"}}";
    add("role_assignments", R"({"role":{"id":"id-)" + role + "\"}," + who + "," + scope + "}");
  }

  static http::response says(int status, const json::value& body) {
    http::response made(status);
    made.headers.set("Content-Type", "application/json");
    made.body = json::serialize(body);
    return made;
  }
  static http::response refuses(int status, const std::string& message) {
    return says(status, {{"error", {{"code", status}, {"message", message}}}});
  }

  http::response answer(const http::request& r) {
    BOOST_TEST(r.url.starts_with(base));
    BOOST_TEST((r.method == http::verb::get));
    asked.push_back(r.url.substr(std::string(base).size()));
    const auto url = boost::urls::parse_uri(r.url).value();
    std::vector<std::string> path;
    for (const auto segment : url.segments()) path.emplace_back(segment);
    std::map<std::string, std::string> query;
    for (const auto& parameter : url.params())
      query[std::string(parameter.key)] = std::string(parameter.value);
    path.erase(path.begin());
    if (forbidden.contains(path[0])) return refuses(403, "You are not authorized");
    if (path[0] == "auth") return token(std::string(r.headers.get("X-Subject-Token")));
    if (path[0] == "groups") return members(path[1]);
    return path.size() == 1 ? listed(path[0], query) : single(path[0], path[1]);
  }

  http::response token(const std::string& id) {
    if (!tokens.contains(id)) return refuses(404, "Could not find token");
    return says(200, {{"token", {{"roles", tokens[id]}}}});
  }

  http::response members(const std::string& group) {
    if (!groups.contains(group)) return refuses(404, "Could not find group: " + group);
    return says(200, {{"users", groups[group]}});
  }

  http::response single(const std::string& list, const std::string& id) {
    const std::string key = list.substr(0, list.size() - 1);
    for (const auto& row : lists[list])
      if (text_at(row, "id") == id) return says(200, {{key, row}});
    return refuses(404, "Could not find " + key + ": " + id);
  }

  bool matches(const std::string& list, const json::value& row,
               const std::map<std::string, std::string>& query) const {
    for (const auto& [key, value] : query)
      if (key != "limit" && key != "marker" && text_at(row, key) != value) return false;
    return list != "users" || query.contains("domain_id") ||
           !own_driver.contains(text_at(row, "domain_id"));
  }

  http::response listed(const std::string& list, const std::map<std::string, std::string>& query) {
    json::array rows;
    bool before = query.contains("marker") && pages && !(directory && list == "users");
    for (const auto& row : lists[list]) {
      if (!matches(list, row, query)) continue;
      if (!before) rows.push_back(row);
      before = before && text_at(row, "id") != query.at("marker");
    }
    return cut(list, std::move(rows), query);
  }

  /// Where nothing was asked and nothing is set, what is more than `most` is missing without a
  /// word.
  http::response cut(const std::string& list, json::array rows,
                     const std::map<std::string, std::string>& query) const {
    std::size_t limit = list == "users" ? list_limit : 0;
    if (limit == 0 && pages && query.contains("limit"))
      limit = std::min(most, std::size_t{std::stoul(query.at("limit"))});
    const bool silent = limit == 0 && pages && !(directory && list == "users");
    const std::size_t end = silent ? most : limit == 0 ? rows.size() : limit;
    const bool truncated = rows.size() > end;
    rows.resize(std::min(end, rows.size()));
    json::object body{{list, rows}, {"links", {{"next", nullptr}}}};
    if (truncated && !silent) {
      body["truncated"] = true;
      if (pages)
        body["links"].as_object()["next"] =
            base + ("/" + list) + "?marker=" + text_at(rows.back(), "id");
    }
    return says(200, body);
  }
};

}  // namespace ostclean::testing
