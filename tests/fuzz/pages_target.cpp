// Lists in pages from a service that sends anything: the reading ends, asks nobody else, and hands
// on each row once.
#include "core/http/pages.hpp"
#include "core/http/url.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <map>

using namespace ostclean;
using namespace ostclean::fuzz;

namespace {

const std::string first = "http://cloud/network/v2.0/ports?project_id=p1&limit=2";
constexpr const char* keys[] = {"ports", ""};

/// How many pages were asked for a second time: right after a 404, and no third time.
std::size_t check_once(const answers& service) {
  std::size_t again = 0;
  std::map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < service.urls.size(); ++i) {
    const auto [at, is_new] = last.emplace(service.urls[i], i);
    if (is_new) continue;
    require(at->second + 1 == i && service.statuses[at->second] == 404,
            "no page is asked for twice but after a 404", service.urls[i]);
    ++again;
  }
  return again;
}

}  // namespace

/// A byte for the way of paging, then the bodies.
extern "C" int fuzz_pages(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  const unsigned choice = take_byte(text);
  answers service(text);
  std::size_t rows = 0, pages = 0;
  http::page_reader count = [&](const boost::json::array& page) { rows += page.size(), ++pages; };
  const auto how = static_cast<http::paging>(choice % 4);
  http::request r{http::verb::get, first};
  const auto done =
      run(http::for_each_page(service, std::move(r), how, keys[choice / 4 % 2], count));
  require(service.only_reads && !service.urls.empty(), "pages are only read");
  require(service.urls.size() <= service.bodies() + 1, "no page without an answer before it");
  const std::size_t asked = service.urls.size() - check_once(service);
  require(pages <= asked && (!done || pages + 1 >= asked), "every page is read");
  for (const auto& url : service.urls) {
    require(url.starts_with("http://cloud/network/v2.0/ports?"), "the next page is of this list",
            url);
    require(url.find("project_id=p1") != std::string::npos, "the filter is kept", url);
    if (const auto parts = http::split_url(url))
      require(parts->host == "cloud" && parts->target.starts_with("/network/v2.0/ports?"),
              "the next page is where the first was", url);
  }
  return 0;
}
