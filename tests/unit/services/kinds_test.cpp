// The rows are data, so the tests run over the rows.
#include "services/kind.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(services_kinds)

using namespace ostclean::services;

namespace {

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& row : kinds()) all.emplace_back(row.name);
  return all;
}

bool is_made_from_others(const kind& row) { return row.list.empty(); }

}  // namespace

BOOST_DATA_TEST_CASE(a_row_can_be_listed_proved_and_deleted, boost::unit_test::data::make(names()),
                     name) {
  const kind& row = *find_kind(name);
  BOOST_TEST(!row.service.empty());
  if (is_made_from_others(row)) return;
  BOOST_TEST((row.list.front() == '/' || row.list.front() == '?'));
  BOOST_TEST(!row.item.empty());
  BOOST_TEST((row.item.find("{id}") != std::string_view::npos));
  // Without an owner field the row must say what proves ownership in its place.
  BOOST_TEST((!row.owner.empty() || row.otherwise != fallback_owner::none));
  if (row.otherwise == fallback_owner::parent) BOOST_TEST(!row.parent.empty());
  if (!row.broken.empty()) BOOST_TEST(!row.status.empty());
}

BOOST_DATA_TEST_CASE(references_stand_on_the_right_side, boost::unit_test::data::make(names()),
                     name) {
  const kind& row = *find_kind(name);
  for (auto words : {row.before, row.after, row.stands, row.dies_with, row.parent})
    for (auto word = next_reference(words); !word.kind.empty(); word = next_reference(words)) {
      BOOST_TEST(find_kind(word.kind) != nullptr);
      BOOST_TEST(!word.field.empty());
    }
  auto words = row.before;
  for (auto word = next_reference(words); !word.kind.empty(); word = next_reference(words))
    BOOST_TEST(find_kind(word.kind) >= &row);
}

BOOST_AUTO_TEST_CASE(a_field_may_hold_colons) {
  std::string_view words = "volume:os-extended-volumes:volumes_attached.id image:image.id";
  auto first = next_reference(words);
  BOOST_TEST(first.kind == "volume");
  BOOST_TEST(first.field == "os-extended-volumes:volumes_attached.id");
  BOOST_TEST(next_reference(words).field == "image.id");
  BOOST_TEST(next_reference(words).kind.empty());
}

BOOST_AUTO_TEST_CASE(unknown_kinds_are_not_found) { BOOST_TEST(find_kind("volumes") == nullptr); }

BOOST_AUTO_TEST_SUITE_END()
