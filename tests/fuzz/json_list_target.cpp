// The list that is read while it arrives gives what a reader of the whole would find, however the
// network cuts it.
#include "core/http/json_list.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <boost/json.hpp>

using namespace ostclean;
using namespace ostclean::fuzz;
namespace json = boost::json;

namespace {

constexpr const char* key = "servers";

class outcome {
 public:
  outcome() = default;
  json::array rows;
  bool good = false;
  json::value rest;
};

outcome read_in_pieces(std::string_view text, std::size_t piece) {
  outcome out;
  http::json_list list(key, [&out](json::value row) { out.rows.push_back(std::move(row)); });
  list.restart = [&out] { out.rows.clear(); };
  http::response head{200};
  require(list.wants(head), "a list is wanted");
  while (!text.empty()) {
    const auto now = std::min(piece, text.size());
    if (!list.read(text.substr(0, now))) {
      require(list.failure().has_value(), "a refusal has a reason");
      break;
    }
    text.remove_prefix(now);
  }
  const auto whole = list.finish();
  out.good = whole.has_value();
  if (whole) out.rest = *whole;
  return out;
}

std::optional<json::value> parse(std::string_view text, std::size_t depth) {
  json::parse_options options;
  options.max_depth = depth;
  boost::system::error_code ec;
  auto value = json::parse(json::string_view{text.data(), text.size()}, ec, {}, options);
  return ec ? std::nullopt : std::optional{std::move(value)};
}

/// Two of one name, or one that is written with escapes, are read differently on purpose.
bool is_plain(std::string_view text) {
  const auto first = text.find("\"servers\"");
  return text.find('\\') == std::string_view::npos &&
         (first == std::string_view::npos || text.find("\"servers\"", first + 1) == text.npos);
}

}  // namespace

extern "C" int fuzz_json_list(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  const std::size_t piece = 1 + take_byte(text) % 64;
  const outcome cut = read_in_pieces(text, piece), whole = read_in_pieces(text, text.size() + 1);
  require(cut.good == whole.good && cut.rest == whole.rest, "the cuts change nothing", text);
  require(!cut.good || cut.rows == whole.rows, "the cuts change no row", text);
  const auto value = parse(text, 80);
  require(!whole.good || value, "a list is in JSON", text);
  if (!is_plain(text)) return 0;
  const auto* object = value ? value->if_object() : nullptr;
  const auto* list = object ? object->if_contains(key) : nullptr;
  const bool there = list && list->is_array();
  require(!whole.good || there, "a list is there", text);
  if (whole.good)
    require(list->get_array() == whole.rows, "the rows are those of the answer", text);
  else
    require(!there || !parse(text, 30), "a list that is there is found", text);
  return 0;
}
