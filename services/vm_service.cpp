#include "services/vm_service.hpp"

#include "core/auth/discovery.hpp"
#include "core/http/redact.hpp"
#include "core/http/status.hpp"
#include "core/http/url.hpp"
#include "core/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <utility>

namespace ostclean::services {
namespace {

namespace json = boost::json;

constexpr std::string_view k_type = "vmexpire";
constexpr std::string_view k_other_url =
    "this does not look like os-vm-expire: 'ostclean auth' shows the URL, "
    "--os-vmexpire-endpoint-override sets another one";

std::string method_and_url(const http::request& asked) {
  return std::string{http::to_string(asked.method)} + " " + http::redact_url(asked.url);
}

error wrong_answer(const http::response& answer, const http::request& asked, std::string message) {
  error e{errc::protocol, std::move(message)};
  e.status = answer.status;
  e.request_id = answer.request_id();
  e.where = method_and_url(asked);
  e.hint = k_other_url;
  return e;
}

std::string media_type(const http::response& answer) {
  const auto type = answer.headers.get("content-type");
  return std::string{type.substr(0, type.find(';'))};
}

bool is_json(const http::response& answer) {
  const auto type = media_type(answer);
  return type.empty() || type.find("json") != std::string::npos;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// The service's words, not its status, say what happened.
errc meaning(const error& e) {
  if (e.message.starts_with("No VMExpire found") || e.message.starts_with("No VMExclude found") ||
      e.message.starts_with("No Openstack instance found"))
    return errc::not_found;
  if (holds(e.message, "reached its maximum life") || holds(e.message, "already exists") ||
      holds(e.message, "cannot be added to the expiration table"))
    return errc::conflict;
  return e.code == errc::not_found ? errc::service : e.code;
}

error other_versions(const http::response& answer, const http::request& asked) {
  std::string names;
  json::error_code ec;
  const auto body = json::parse(answer.body, ec);
  if (!ec)
    for (const auto& id : texts_at(body, "versions.values.id"))
      names += (names.empty() ? " " : ", ") + id;
  return wrong_answer(answer, asked,
                      "the URL is the root of a service, which lists its versions" + names);
}

error redirected(const http::response& answer, const http::request& asked) {
  const std::string to = http::redact_url(answer.headers.get("location"));
  auto e = wrong_answer(answer, asked,
                        "the service redirects" + (to.empty() ? std::string{} : " to " + to) +
                            ", and a token is not sent after it");
  e.hint = "correct the URL in the catalog, or give --os-vmexpire-endpoint-override";
  return e;
}

error no_project() {
  error e{errc::config, "os-vm-expire answers for a project, and this login has none"};
  e.hint = "set OS_PROJECT_NAME or give --os-project-name";
  return e;
}

}  // namespace

vm_answer<std::string> vm_service_url(auth::session& who) {
  const std::string type{k_type}, any_region, as_it_is, first_version = "1";
  auto url = co_await who.endpoint(type, any_region, as_it_is);
  if (!url) {
    error e = url.error();
    if (e.code == errc::not_found)
      e.hint =
          "is os-vm-expire installed? --os-vmexpire-service-type names another type, "
          "--os-vmexpire-endpoint-override the URL";
    co_return e;
  }
  auto token = co_await who.current();
  if (!token) co_return token.error();
  const std::string project = (*token)->project_id;
  const auto parts = auth::split_url(*url, project);
  if (!parts.tail.empty()) co_return *url;
  if (project.empty()) co_return no_project();
  if (parts.version.empty()) url = co_await who.endpoint(type, any_region, first_version);
  if (!url) co_return url.error();
  co_return http::join(*url, project);
}

error vm_error(const http::response& answer, const http::request& asked) {
  if (answer.status == 300) return other_versions(answer, asked);
  if (answer.status / 100 == 3) return redirected(answer, asked);
  if (answer.status / 100 == 2)
    return wrong_answer(answer, asked,
                        answer.body.empty() ? "the answer is empty"
                                            : "the answer is " + media_type(answer) + ", not JSON");
  error e = http::to_error(answer, asked);
  e.code = meaning(e);
  if (!is_json(answer) || answer.status == 404 || answer.status == 405) e.hint = k_other_url;
  if (e.code == errc::forbidden && holds(e.message, "privileges"))
    e.hint =
        "the service's policy decides: most of it is for the own project, or for the role "
        "admin";
  return e;
}

result<json::value> vm_judge(const http::response& answer, const http::request& asked) {
  // Its 204 announces a body of 4 bytes, which is no reason to expect one.
  if (answer.status == 204) return json::value{};
  if (answer.status / 100 != 2 || answer.body.empty() || !is_json(answer))
    return vm_error(answer, asked);
  auto value = http::parse_json(answer.body, asked);
  if (value) return value;
  return wrong_answer(answer, asked, value.error().message);
}

vm_answer<json::value> vm_service::call(http::verb method, std::string path, std::string body) {
  http::request r{method, base_ + path};
  r.service = k_type;
  r.body = std::move(body);
  // Without it POST, PUT and DELETE are 415, also when there is nothing to send.
  if (method != http::verb::get) r.headers.set("Content-Type", "application/json");
  const http::request asked{r.method, r.url};
  auto answer = co_await who_.send(std::move(r));
  if (answer) co_return vm_judge(*answer, asked);
  error e = answer.error();
  if (e.code == errc::network && holds(e.message, "without an answer"))
    e.hint =
        "os-vm-expire does that for a URL it does not know: 'ostclean auth' shows the one in "
        "use";
  co_return e;
}

vm_answer<void> vm_service::list(std::string path, std::shared_ptr<http::json_list> into) {
  http::request r{http::verb::get, base_ + path};
  r.service = k_type;
  auto whole = co_await http::read_list(who_, std::move(r), std::move(into), vm_error);
  if (whole) co_return result<void>{};
  error e = whole.error();
  if (e.code == errc::protocol && e.hint.empty()) e.hint = k_other_url;
  co_return e;
}

const json::object* vm_object(const json::value& answer, std::string_view one,
                              std::string_view many) {
  if (const auto* found = find(answer, one)) return found->if_object();
  const auto* list = find(answer, many);
  if (list == nullptr || !list->is_array() || list->get_array().size() != 1) return nullptr;
  return list->get_array().front().if_object();
}

}  // namespace ostclean::services
