// `purge` under every failure and killed at every request: no image goes that is in use, was never
// marked, or only inherited its mark.
#include <boost/test/unit_test.hpp>

#include "tests/cli/resting.hpp"
#include "tests/cli/sweep.hpp"

namespace cli {
BOOST_AUTO_TEST_SUITE(cli_sweep)

namespace {

class orphans : public resting {
 public:
  orphans() {
    hurry(*this);
    const auto [server, volume] = borrow_by_volume();
    it.change("image", mine.shared_image, mark(mine.shared_image));
    place("in-use", "in-use");
    it.change("server", server, {{"_image", "in-use"}});
    place("snapshot", mine.shared_image);
    place("unmarked", "");
    for (const auto& id : doomed) place(id, id);
    others = it.snapshot();
    for (const auto& id : doomed) others.erase("image/" + id);
    it.clear_requests();
  }

  words there() const {
    words all;
    for (const auto& id : doomed)
      if (!it.object("image", id).is_null()) all.push_back(id);
    return all;
  }

  /// Everything but the images that may go.
  std::map<std::string, std::string> rest() const {
    auto all = it.snapshot();
    for (const auto& id : doomed) all.erase("image/" + id);
    return all;
  }

  const words doomed{"orphan-1", "orphan-2", "orphan-3"};
  std::map<std::string, std::string> others;

 private:
  static json::object mark(const std::string& id) {
    return {{"orphan_image", "True"}, {"orphan_image_id", id}};
  }
  void place(const std::string& id, const std::string& marked) {
    json::object image{
        {"name", id},           {"owner", mine.project_id}, {"visibility", "private"},
        {"os_hidden", false},   {"protected", false},       {"status", "active"},
        {"tags", json::array{}}};
    if (!marked.empty())
      for (const auto& [key, value] : mark(marked)) image[key] = value;
    it.put("image", id, mine.project_id, std::move(image));
  }
};

bool try_purge(const failure& how, std::uint64_t nth) {
  orphans s;
  const words args{"purge", "--yes", "-f", "json"};
  const auto first = meet(s, args, how, nth);
  check_same(s.others, s.rest());
  const auto left = s.there();
  if (first.code == 0) BOOST_TEST(left.empty(), first.out);
  for (const auto& row : rows_of(first))
    if (text(row, "result") == "deleted")
      BOOST_TEST((std::count(left.begin(), left.end(), text(row, "id")) == 0), first.out);
  const auto second = s.run(args);
  BOOST_TEST(second.code == 0, second.err);
  BOOST_TEST(s.there().empty(), second.out);
  check_same(s.others, s.rest());
  return first.met;
}

}  // namespace

BOOST_AUTO_TEST_CASE(of_purge) { sweep(15, 16, try_purge); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace cli
