#include "services/vm_lookup.hpp"

#include "core/http/pages.hpp"
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"

#include <fmt/core.h>
#include <algorithm>
#include <boost/json/array.hpp>
#include <set>
#include <unordered_map>
#include <utility>

namespace ostclean::services {
namespace {

namespace json = boost::json;

/// The rows that match, by argument; what matches nothing is forgotten as it comes.
class matches {
 public:
  matches(const vm_scope& among, const std::vector<std::string>& arguments, vm_name what)
      : among_(among), what_(what) {
    for (const auto& argument : arguments) rows[argument];
  }

  void take(const json::value& element) {
    if (!element.is_object()) return;
    const vm_expiration row{element.get_object()};
    if (!among_.everybody && !among_.project_id.empty() && row.project_id != among_.project_id)
      return;
    std::set<std::string> names;
    if (what_ == vm_name::any || what_ == vm_name::id) names.insert(row.id);
    if (what_ == vm_name::any || what_ == vm_name::server) names.insert(row.instance_id);
    if (what_ == vm_name::any || what_ == vm_name::name) names.insert(row.instance_name);
    for (const auto& name : names)
      if (auto at = rows.find(name); at != rows.end()) at->second.push_back(row);
  }

  void restart() {
    for (auto& [argument, found] : rows) found.clear();
  }

  std::unordered_map<std::string, std::vector<vm_expiration>> rows;

 private:
  vm_scope among_;
  vm_name what_;
};

error unknown(const std::string& argument, const vm_scope& among, vm_name what) {
  const char* looked_at = "its id, its server's id or its server's name";
  if (what == vm_name::id) looked_at = "its id";
  if (what == vm_name::server) looked_at = "its server's id";
  if (what == vm_name::name) looked_at = "its server's name";
  return {errc::config, fmt::format("no expiration has '{}' as {}{}", argument, looked_at,
                                    among.everybody ? "" : " in this project")};
}

error ambiguous(const std::string& argument, const std::vector<vm_expiration>& rows) {
  std::string list;
  for (const auto& row : rows)
    list += fmt::format("{}{} (server {} {}, project {})", list.empty() ? "" : ", ", row.id,
                        row.instance_id, row.instance_name, row.project_id);
  error e{errc::config, fmt::format("'{}' means {} expirations: {}", argument, rows.size(), list)};
  e.hint = "give the id of one, with --by id if that is somebody's name too";
  return e;
}

std::vector<vm_found> sorted_out(matches& all, std::vector<std::string> arguments,
                                 const vm_scope& among, vm_name what) {
  std::vector<vm_found> list;
  std::set<std::string> given, taken;
  for (auto& argument : arguments) {
    if (!given.insert(argument).second) continue;
    auto& rows = all.rows[argument];
    vm_found one;
    one.argument = std::move(argument);
    if (rows.size() == 1) {
      if (!taken.insert(rows.front().id).second) continue;
      one.row = std::move(rows.front());
    } else {
      one.why = rows.empty() ? unknown(one.argument, among, what) : ambiguous(one.argument, rows);
    }
    list.push_back(std::move(one));
  }
  return list;
}

/// Nova takes the name for a regular expression.
std::string exactly(const std::string& name) {
  std::string pattern = "^";
  for (char c : name) {
    if (std::string_view{"\\^$.|?*+()[]{}"}.find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern + "$";
}

}  // namespace

vm_name vm_name_from(std::string_view word) {
  if (word == "id") return vm_name::id;
  if (word == "server") return vm_name::server;
  return word == "name" ? vm_name::name : vm_name::any;
}

vm_answer<std::vector<vm_found>> find_expirations(vm_expirations& from, vm_scope among,
                                                  std::vector<std::string> arguments,
                                                  vm_name what) {
  if (arguments.empty()) co_return std::vector<vm_found>();
  matches all{among, arguments, what};
  std::function<void(json::value)> take = [&all](const json::value& element) { all.take(element); };
  auto list = std::make_shared<http::json_list>("vmexpires", take);
  list->restart = [&all] { all.restart(); };
  auto read = co_await from.list(among.everybody, list);
  if (read) co_return sorted_out(all, std::move(arguments), among, what);
  if (read.error().code != errc::forbidden || !among.everybody || among.insists)
    co_return read.error();
  // The role is called admin, but this service's policy does not think so.
  among.everybody = false;
  co_return co_await find_expirations(from, std::move(among), std::move(arguments), what);
}

vm_answer<vm_rows_by_server> rows_of_servers(vm_expirations& from, vm_scope among,
                                             std::vector<std::string> server_ids) {
  vm_rows_by_server found;
  if (server_ids.empty()) co_return found;
  matches all{among, server_ids, vm_name::server};
  std::function<void(json::value)> take = [&all](const json::value& element) { all.take(element); };
  auto list = std::make_shared<http::json_list>("vmexpires", take);
  list->restart = [&all] { all.restart(); };
  auto read = co_await from.list(among.everybody, list);
  if (!read) co_return read.error();
  for (auto& [server, rows] : all.rows)
    if (!rows.empty()) found[server] = std::move(rows);
  co_return found;
}

namespace {

vm_answer<std::string> server_with_id(http::transport& who, std::string compute, std::string id,
                                      const vm_scope& among) {
  http::request r{http::verb::get, compute + "/servers/" + http::percent_encode(id)};
  r.service = "compute";
  auto body = co_await http::get_json_surely(who, std::move(r));
  if (!body) co_return body.error();
  std::string spelt = text_at(*body, "server.id");
  if (spelt.empty()) co_return error{errc::protocol, "Nova shows server " + id + " without an id"};
  const std::string project = text_at(*body, "server.tenant_id");
  if (!among.everybody && !among.project_id.empty() && project != among.project_id)
    co_return error{errc::config,
                    fmt::format("server {} is of project {}, whose expirations cannot be seen",
                                spelt, project)};
  co_return spelt;
}

vm_answer<std::string> server_named(http::transport& who, std::string compute, std::string name,
                                    bool everybody) {
  std::string url = http::with_query(compute + "/servers", "name", exactly(name));
  if (everybody) url += "&all_tenants=1";
  http::request r{http::verb::get, std::move(url)};
  r.service = "compute";
  std::vector<std::string> ids;
  http::page_reader read = [&](const json::array& page) {
    for (const auto& server : page)
      if (text_at(server, "name") == name) ids.push_back(text_at(server, "id"));
  };
  std::string key = "servers";
  auto listed = co_await http::for_each_page(who, std::move(r), http::paging::links, key, read);
  if (!listed) co_return listed.error();
  if (ids.size() == 1) co_return ids.front();
  if (ids.empty())
    co_return error{errc::config, fmt::format("no server has '{}' as its id or its name", name)};
  std::string list;
  for (const auto& id : ids) list += (list.empty() ? "" : ", ") + id;
  error e{errc::config, fmt::format("{} servers are named '{}': {}", ids.size(), name, list)};
  e.hint = "give the id of one";
  co_return e;
}

}  // namespace

vm_answer<std::string> find_server(http::transport& who, std::string compute,
                                   std::string id_or_name, vm_scope among) {
  if (looks_like_uuid(id_or_name)) {
    auto found = co_await server_with_id(who, compute, id_or_name, among);
    if (found || found.error().code != errc::not_found) co_return found;
  }
  co_return co_await server_named(who, std::move(compute), std::move(id_or_name), among.everybody);
}

bool looks_like_id(std::string_view text) {
  const auto is_digit = [](unsigned char c) { return std::isxdigit(c) != 0 || c == '-'; };
  return text == "default" ||
         (text.size() >= 32 && std::all_of(text.begin(), text.end(), is_digit));
}

bool looks_like_uuid(std::string_view text) {
  const bool plain = text.size() == 32;
  if (!plain && text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = !plain && (i == 8 || i == 13 || i == 18 || i == 23);
    if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0)
      return false;
  }
  return true;
}

}  // namespace ostclean::services
