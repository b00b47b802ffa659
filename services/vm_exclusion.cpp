#include "services/vm_exclusion.hpp"

#include "core/http/url.hpp"
#include "core/json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <utility>

namespace ostclean::services {
namespace {

namespace json = boost::json;

/// The numbers of the service's table.
constexpr std::array<std::string_view, 3> k_types{"domain", "project", "user"};
/// The column's width: a longer id breaks the service's database session for the next request.
constexpr std::size_t k_longest_id = 255;

std::string word_of(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (std::size_t i = 0; i < k_types.size(); ++i)
    if (text == std::to_string(i)) return std::string{k_types[i]};
  return text;
}

}  // namespace

vm_exclusion::vm_exclusion(json::object from) : body(std::move(from)) {
  const json::value whole(body);
  id = text_at(whole, "id");
  exclude_id = text_at(whole, "exclude_id");
  exclude_type = word_of(text_at(whole, "exclude_type"));
  if (auto* type = body.if_contains("exclude_type")) *type = exclude_type;
}

vm_answer<void> vm_exclusions::list(std::shared_ptr<http::json_list> into) {
  return service_.list("/vmexcludes/", std::move(into));
}

vm_answer<vm_exclusion> vm_exclusions::create(std::string type, std::string id) {
  if (id.empty() || id.size() > k_longest_id)
    co_return error{errc::usage, "an id has 1 to 255 characters"};
  const json::object wanted{{"id", id}, {"type", type}};
  const std::string body = json::serialize(wanted);
  auto answer = co_await service_.call(http::verb::post, "/vmexcludes/", body);
  // The API reference has it at the other path, where the real service answers 500.
  if (!answer && (answer.error().status == 404 || answer.error().status == 405))
    answer = co_await service_.call(http::verb::post, "/vmexpires/", body);
  if (!answer) co_return answer.error();
  const auto* made = vm_object(*answer, "vmexclude", "vmexcludes");
  if (made == nullptr) co_return error{errc::protocol, "os-vm-expire's answer has no vmexclude"};
  co_return vm_exclusion{*made};
}

vm_answer<void> vm_exclusions::remove(std::string id) {
  auto answer = co_await service_.call(http::verb::del, "/vmexcludes/" + http::percent_encode(id));
  if (!answer) co_return answer.error();
  co_return result<void>{};
}

}  // namespace ostclean::services
