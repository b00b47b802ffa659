#include "core/http/no_proxy.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_http_no_proxy)

using namespace ostclean::http;

namespace {

class row {
 public:
  row(const char* host, std::uint16_t port, const char* list, bool bypass)
      : host(host), port(port), list(list), bypass(bypass) {}
  const char* host;
  std::uint16_t port;
  const char* list;
  bool bypass;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_zero_byte_ends_no_text) {
  BOOST_TEST(!bypasses_proxy(std::string_view("\0.a", 3), 443, std::string_view("\0.b", 3)));
  BOOST_TEST(!bypasses_proxy(std::string_view("10.0.0.1\0.h.example", 19), 443, "10.0.0.0/8"));
}

BOOST_AUTO_TEST_CASE(lists_are_understood) {
  const row rows[] = {
      {"h.example", 443, "", false},
      {"h.example", 443, " , ,", false},
      {"h.example", 443, "*", true},
      {"h.example", 443, "a,*", true},
      {"h.example", 443, "h.example", true},
      {"h.example", 443, "H.Example", true},
      {"h.example", 443, "example", true},
      {"h.example", 443, ".example", true},
      {"h.example", 443, "*.example", true},
      {"example", 443, ".example", true},
      {"hexample", 443, "example", false},
      {"h.example", 443, "x.h.example", false},
      {"h.example.", 443, "example.", true},
      {"h.example", 443, "other, .example", true},
      {"h.example", 443, "other .example", true},
      {"h.example", 443, "h.example:443", true},
      {"h.example", 443, "h.example:80", false},
      {"h.example", 443, "h.example:", false},
      {"10.1.2.3", 80, "10.1.2.3", true},
      {"10.1.2.3", 80, "10.1.2.3:80", true},
      {"10.1.2.3", 80, "10.1.2.3:81", false},
      {"10.1.2.3", 80, "10.0.0.0/8", true},
      {"10.1.2.3", 80, "10.1.2.0/31", false},
      {"10.1.2.3", 80, "10.1.2.2/31", true},
      {"10.1.2.3", 80, "0.0.0.0/0", true},
      {"10.1.2.3", 80, "10.1.2.3/33", false},
      {"10.1.2.3", 80, "10.0.0.0/x", false},
      {"10.1.2.3", 80, "1.2.3", false},
      {"10.1.2.3", 80, "::/0", false},
      {"h.example", 80, "10.0.0.0/8", false},
      {"::1", 80, "::1", true},
      {"::1", 80, "[::1]", true},
      {"::1", 80, "[::1]:80", true},
      {"::1", 80, "[::1]:81", false},
      {"fd00::5", 80, "fd00::/8", true},
      {"fe00::5", 80, "fd00::/8", false},
      {"::ffff:10.0.0.1", 80, "10.0.0.0/8", true},
      {"h.example", 80, ".", false},
      {"h.example", 80, "[", false},
      {"h.example", 80, ":80", false},
  };
  for (const auto& r : rows)
    BOOST_TEST(bypasses_proxy(r.host, r.port, r.list) == r.bypass,
               r.host << ":" << r.port << " under '" << r.list << "'");
}

BOOST_AUTO_TEST_SUITE_END()
