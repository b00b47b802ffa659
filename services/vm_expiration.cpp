#include "services/vm_expiration.hpp"

#include "core/http/url.hpp"
#include "core/json.hpp"

#include <charconv>
#include <utility>

namespace ostclean::services {
namespace {

namespace json = boost::json;

constexpr std::int64_t k_last_second = 253402300799;  ///< the end of 9999

std::optional<sys_time> time_of(const json::object& body) {
  const std::string text = text_at(json::value(body), "expire");
  double seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size() ||
      seconds < 0)
    return std::nullopt;
  const auto whole = seconds < static_cast<double>(k_last_second)
                         ? static_cast<std::int64_t>(seconds)
                         : k_last_second;
  return sys_time{std::chrono::seconds{whole}};
}

std::string text(const json::object& body, std::string_view key) {
  const auto* value = body.if_contains(key);
  return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::string path_of(const std::string& id) { return "/vmexpires/" + http::percent_encode(id); }

error without_row(const std::string& what) {
  return error{errc::protocol, "os-vm-expire's answer has no " + what};
}

}  // namespace

vm_expiration::vm_expiration(json::object from)
    : body(std::move(from)),
      id(text(body, "id")),
      instance_id(text(body, "instance_id")),
      instance_name(text(body, "instance_name")),
      project_id(text(body, "project_id")),
      user_id(text(body, "user_id")),
      expires_at(time_of(body)) {
  // So the tables of the API reference spell it.
  if (instance_name.empty()) instance_name = text(body, "intance_name");
}

std::string vm_expiration::label() const {
  return instance_name.empty() ? id : instance_name + " (" + id + ")";
}

std::string end_of(const vm_expiration& row) {
  return row.expires_at ? format_rfc3339(*row.expires_at) : "unknown";
}

vm_answer<void> vm_expirations::list(bool all_tenants, std::shared_ptr<http::json_list> into) {
  std::string path = all_tenants ? "/vmexpires/?all_tenants=1" : "/vmexpires/";
  return service_.list(std::move(path), std::move(into));
}

vm_answer<vm_expiration> vm_expirations::one(std::string id) {
  auto answer = co_await service_.call(http::verb::get, path_of(id));
  if (!answer) co_return answer.error();
  const auto* body = vm_object(*answer, "vmexpire", "vmexpires");
  if (body == nullptr) co_return without_row("vmexpire");
  co_return vm_expiration{*body};
}

/// A success without a body is one all the same: the row says the rest.
vm_answer<vm_expiration> vm_expirations::row_of(json::value answer, std::string id) {
  if (const auto* body = vm_object(answer, "vmexpire", "vmexpires")) co_return vm_expiration{*body};
  co_return co_await one(std::move(id));
}

vm_answer<vm_expiration> vm_expirations::extend(vm_expiration row) {
  auto answer = co_await service_.call(http::verb::put, path_of(row.id));
  if (answer) co_return co_await row_of(std::move(*answer), row.id);
  error e = answer.error();
  if (e.status < 400 || e.code == errc::not_found || e.code == errc::auth) co_return e;
  auto now = co_await one(row.id);
  if (!now) co_return e;
  if (now->expires_at != row.expires_at)
    e.message +=
        "; all the same it wrote a new end: it is now " + end_of(*now) + ", it was " + end_of(row);
  else
    e.message += "; the end is still " + end_of(row);
  co_return e;
}

vm_answer<void> vm_expirations::remove(std::string id) {
  auto answer = co_await service_.call(http::verb::del, path_of(id));
  if (!answer) co_return answer.error();
  co_return result<void>{};
}

vm_answer<vm_addition> vm_expirations::add(std::string server_id,
                                           std::vector<vm_expiration> tracked) {
  auto answer = co_await service_.call(http::verb::post, path_of(server_id));
  if (answer) {
    const auto* body = vm_object(*answer, "vmexpire", "vmexpires");
    if (body == nullptr) co_return without_row("vmexpire");
    vm_addition done;
    done.made = vm_expiration{*body};
    std::erase_if(tracked, [&done](const vm_expiration& old) { return old.id == done.made.id; });
    done.replaced = std::move(tracked);
    co_return done;
  }
  error e = answer.error();
  if (e.status < 400) co_return e;
  // It takes the old rows away before it looks whether it may make a new one.
  for (const auto& old : tracked) {
    auto before = co_await one(old.id);
    if (!before && before.error().code == errc::not_found)
      e.message += "; all the same its expiration " + old.id + " (" + end_of(old) + ") is gone";
  }
  co_return e;
}

}  // namespace ostclean::services
