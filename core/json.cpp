#include "core/json.hpp"

#include <boost/json/serialize.hpp>

namespace ostclean {
namespace json = boost::json;
namespace {

std::string text_of(const json::value& v) {
  if (v.is_string()) return std::string{v.get_string().c_str(), v.get_string().size()};
  if (v.is_number()) return json::serialize(v);
  return {};
}

void collect(const json::value& in, std::string_view path, std::vector<std::string>& out) {
  if (in.is_array()) {
    for (const auto& element : in.get_array()) collect(element, path, out);
    return;
  }
  if (path.empty()) {
    if (auto text = text_of(in); !text.empty()) out.push_back(std::move(text));
    return;
  }
  if (!in.is_object()) return;
  auto dot = path.find('.');
  if (const auto* member = in.get_object().if_contains(path)) {
    collect(*member, {}, out);
  } else if (dot != std::string_view::npos) {
    if (const auto* first = in.get_object().if_contains(path.substr(0, dot)))
      collect(*first, path.substr(dot + 1), out);
  }
}

}  // namespace

const json::value* find(const json::value& in, std::string_view path) {
  if (!in.is_object()) return nullptr;
  if (const auto* whole = in.get_object().if_contains(path)) return whole;
  auto dot = path.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const auto* first = in.get_object().if_contains(path.substr(0, dot));
  return first ? find(*first, path.substr(dot + 1)) : nullptr;
}

std::string text_at(const json::value& in, std::string_view path) {
  const auto* v = find(in, path);
  return v ? text_of(*v) : std::string{};
}

bool true_at(const json::value& in, std::string_view path) {
  const auto* v = find(in, path);
  return v && v->is_bool() && v->get_bool();
}

std::vector<std::string> texts_at(const json::value& in, std::string_view path) {
  std::vector<std::string> out;
  collect(in, path, out);
  return out;
}

}  // namespace ostclean
