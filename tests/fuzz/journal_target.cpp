// The journal: what was written is read again whatever it says, a changed byte is noticed, and a
// file that something else has written is refused or read, never trusted.
#include "core/plan/journal.hpp"
#include "services/loan_lines.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <unistd.h>
#include <algorithm>
#include <boost/json.hpp>

using namespace ostclean;
using namespace ostclean::fuzz;
namespace json = boost::json;
using objects = std::vector<json::object>;

namespace {

std::string journal_file() { return scratch_folder() + "/journal/run.jsonl"; }

std::string fresh_folder() {
  static const std::string folder = [] {
    return plan::new_journal_name(scratch_folder() + "/journal")
        .substr(0, scratch_folder().size() + 8);
  }();
  ::unlink(journal_file().c_str());
  return folder;
}

/// Fractions do not survive Boost.JSON 1.81 to the last bit; journals hold none.
bool has_fraction(const json::value& value) {
  if (const auto* list = value.if_array())
    return std::any_of(list->begin(), list->end(), has_fraction);
  if (const auto* object = value.if_object())
    return std::any_of(object->begin(), object->end(),
                       [](const auto& member) { return has_fraction(member.value()); });
  return value.is_double();
}

objects lines_of(std::string_view text) {
  objects all;
  while (!text.empty()) {
    const auto line = take_line(text);
    boost::system::error_code ec;
    auto value = json::parse(json::string_view{line.data(), line.size()}, ec);
    json::object made{{"event", "note"}, {"text", line}};
    if (!ec && value.is_object() && !has_fraction(value)) made = std::move(value.get_object());
    made.erase("chain");
    all.push_back(std::move(made));
  }
  return all;
}

bool begins(const objects& all, const objects& start) {
  return start.size() <= all.size() && std::equal(start.begin(), start.end(), all.begin());
}

void check_loans(const objects& lines) {
  for (const auto& [cloud, one] : services::loans_of(lines))
    require(!one.project_id.empty(), "a loan says of what", cloud.url);
}

/// Writes the lines and gives them back as they were read.
objects check_written(const objects& lines) {
  fresh_folder();
  {
    auto log = plan::journal::create(journal_file());
    require(log.has_value(), "a journal can be made");
    for (const auto& line : lines)
      require((*log)->write(line).has_value(), "a line can be written");
    const auto held = plan::read_journal(journal_file(), false);
    require(held && held->empty(), "a journal that is written is not read");
  }
  const auto read = plan::read_journal(journal_file(), false);
  require(read && read->size() == lines.size(), "every line is read");
  require(plan::check_chain(*read, "f").has_value(), "what was written is a chain");
  check_loans(*read);
  return *read;
}

void check_changed(const objects& written, unsigned at, unsigned how) {
  std::string text = contents_of(journal_file());
  if (text.empty()) return;
  char& byte = text[at % text.size()];
  byte = static_cast<char>(byte ^ static_cast<char>(how == 0 ? 1 : how));
  scratch_file("journal/run.jsonl", text);
  const auto read = plan::read_journal(journal_file(), false);
  if (!read) return;
  require(!plan::check_chain(*read, "f") || begins(written, *read), "a changed byte is noticed",
          text);
}

void check_lost(const objects& written, unsigned at) {
  if (written.size() < 2) return;
  objects rest = written;
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(at % (written.size() - 1)));
  require(!plan::check_chain(rest, "f") || begins(written, rest), "a lost line is noticed");
}

void check_foreign(std::string_view text) {
  scratch_file("journal/run.jsonl", text);
  const auto read = plan::read_journal(journal_file(), false);
  if (read) (void)plan::check_chain(*read, "f");
  if (read) check_loans(*read);
  const bool chained = read && !read->empty() && plan::check_chain(*read, "f").has_value();
  require(plan::append_to_journal(journal_file(), {{"event", "end"}}).has_value(),
          "a line is added");
  const auto after = plan::read_journal(journal_file(), false);
  if (!read) return;
  require(after && after->size() == read->size() + 1 && begins(*after, *read),
          "a torn line goes, and nothing else");
  require(!chained || plan::check_chain(*after, "f").has_value(), "a chain goes on");
}

}  // namespace

/// Two bytes for the place of the damage, one for what it is, then lines.
extern "C" int fuzz_journal(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  if (size > 4096) return 0;
  const unsigned place = take_byte(text) * 256 + take_byte(text);
  const unsigned how = take_byte(text);
  const auto lines = lines_of(text);
  const auto written = check_written(lines);
  check_changed(written, place, how);
  check_lost(written, place);
  check_foreign(text);
  return 0;
}
