// What os-vm-expire lists and answers: rows with any fields of any type, and errors in its words.
#include "core/json.hpp"
#include "services/vm_exclusion.hpp"
#include "services/vm_expiration.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <boost/json.hpp>
#include <memory>

using namespace ostclean;
using namespace ostclean::fuzz;
using namespace ostclean::services;
namespace json = boost::json;

namespace {

const std::string vm_base = "http://vmexpire/v1/p1";

void check_expiration(const vm_expiration& row) {
  const std::string end = end_of(row);
  require(row.expires_at.has_value() == (end != "unknown"), "an end is known or not", end);
  if (row.expires_at) {
    require(*row.expires_at >= sys_time{}, "an end is not before 1970", end);
    require(parse_iso8601(end) == std::chrono::floor<std::chrono::seconds>(*row.expires_at),
            "an end can be read", end);
  }
  require(row.label().find(row.id) != std::string::npos, "a label has the id", row.label());
  const vm_expiration again(row.body);
  require(again.id == row.id && again.expires_at == row.expires_at, "a row is made of its body");
}

void check_exclusion(const vm_exclusion& row) {
  const vm_exclusion again(row.body);
  require(again.id == row.id && again.exclude_id == row.exclude_id &&
              again.exclude_type == row.exclude_type,
          "a row is made of its body", row.exclude_type);
}

template <class Row, class Check>
std::shared_ptr<http::json_list> list_of(const char* key, Check check, std::size_t& rows) {
  return std::make_shared<http::json_list>(key, [check, &rows](const json::value& value) {
    ++rows;
    if (value.is_object()) check(Row(value.get_object()));
  });
}

void check_answer_error(const error& e) {
  require(!e.message.empty(), "an error says something");
  require(e.message.find('\n') == std::string::npos, "an error is one line", e.message);
}

void check_lists(answers& service) {
  std::size_t rows = 0;
  vm_expirations expirations(service, vm_base);
  auto list = list_of<vm_expiration>("vmexpires", check_expiration, rows);
  if (const auto done = run(expirations.list(true, list)); !done) check_answer_error(done.error());
  vm_exclusions exclusions(service, vm_base);
  list = list_of<vm_exclusion>("vmexcludes", check_exclusion, rows);
  if (const auto done = run(exclusions.list(list)); !done) check_answer_error(done.error());
}

void check_changes(answers& service) {
  vm_expirations expirations(service, vm_base);
  const auto one = run(expirations.one("a/b"));
  if (!one) return check_answer_error(one.error());
  check_expiration(*one);
  if (const auto row = run(expirations.extend(*one)))
    check_expiration(*row);
  else
    check_answer_error(row.error());
  if (const auto done = run(expirations.add("s", {*one})))
    check_expiration(done->made);
  else
    check_answer_error(done.error());
  vm_exclusions exclusions(service, vm_base);
  if (const auto row = run(exclusions.create("user", "u1")))
    check_exclusion(*row);
  else
    check_answer_error(row.error());
}

}  // namespace

/// A byte for what is asked, then the bodies.
extern "C" int fuzz_vm_rows(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  const unsigned choice = take_byte(text);
  answers service(text, 4);
  choice % 2 == 0 ? check_lists(service) : check_changes(service);
  for (const auto& url : service.urls)
    require(url.starts_with(vm_base + "/vmex"), "only this service is asked", url);
  return 0;
}
