// The link to the next page, in each form in which services send one: the forms agree, and nothing
// in a link leads away from the collection that was asked for.
#include "core/http/pages.hpp"
#include "core/http/url.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <boost/json.hpp>

using namespace ostclean;
using namespace ostclean::fuzz;
namespace json = boost::json;

namespace {

std::string query_of(const std::string& url) {
  const auto at = url.find('?');
  return at == std::string::npos ? "" : url.substr(at + 1);
}

std::vector<std::string> parameters(const std::string& query) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at <= query.size();) {
    const auto end = std::min(query.find('&', at), query.size());
    if (end > at) all.push_back(query.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

bool has_name(const std::vector<std::string>& all, const std::string& parameter) {
  const auto name = parameter.substr(0, parameter.find('='));
  for (const auto& one : all)
    if (one.substr(0, one.find('=')) == name) return true;
  return false;
}

void check_next(const std::string& first, const std::string& next) {
  const auto path = first.substr(0, first.find('?')) + "?";
  require(next.starts_with(path), "the next page is of the same collection", next);
  const auto all = parameters(query_of(next));
  for (const auto& parameter : parameters(query_of(first)))
    require(has_name(all, parameter), "no parameter is lost", next);
  const auto from = http::split_url(first), to = http::split_url(next);
  if (!from || !to) return;
  require(from->scheme == to->scheme && from->host == to->host && from->port == to->port &&
              from->user_info == to->user_info,
          "the next page is of the same service", next);
}

void check_link(const std::string& first, const std::string& link) {
  using http::paging;
  const json::value plain{{"next", link}};
  const json::value forms[] = {
      {{"links", {{"next", link}}}},
      {{"links", {{{"rel", "self"}, {"href", "http://x/"}}, {{"rel", "next"}, {"href", link}}}}},
      {{"ports_links", {{{"rel", "next"}, {"href", link}}}}}};
  const auto next = http::next_page(first, paging::next, "ports", plain);
  require(next.has_value() == !link.empty(), "a link leads on", link);
  for (const auto& form : forms)
    require(http::next_page(first, paging::links, "ports", form) == next, "the forms agree", link);
  require(!http::next_page(first, paging::none, "ports", forms[0]), "one page is one page", link);
  if (next) check_next(first, *next);
}

void check_marker(const std::string& first, const std::string& name) {
  const json::value page = json::array{{{"name", "a"}}, {{"name", name}}};
  const auto next = http::next_page(first, http::paging::marker, "", page);
  require(next.has_value() == !name.empty(), "a name is a marker", name);
  if (!next) return;
  check_next(first, *next);
  for (const auto& parameter : parameters(query_of(*next)))
    if (parameter.starts_with("marker=")) {
      require(http::percent_decode(parameter.substr(7)) == name, "the marker is the name", *next);
      return;
    }
  require(false, "the marker is in the next page", *next);
}

}  // namespace

/// The first URL on a line, then the link.
extern "C" int fuzz_links(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  const std::string first{take_line(text)};
  if (!http::split_url(first) || first.find('#') != std::string::npos) return 0;
  check_link(first, std::string{text});
  check_marker(first, std::string{text});
  return 0;
}
