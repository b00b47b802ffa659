// Endpoints and their versions, from catalog, discovery and settings.
#include "tests/unit/core/auth/session_cloud.hpp"

namespace core_auth_session_endpoint {

using namespace ostclean;
using namespace ostclean::auth;
using namespace ostclean::auth::session_test;
using namespace std::chrono_literals;

namespace {

const std::string glance = R"({"versions": [
  {"id": "v2.15", "status": "CURRENT", "links": [{"rel": "self", "href": "http://internal/v2/"}]},
  {"id": "v1.0", "status": "DEPRECATED", "links": [{"rel": "self", "href": "http://internal/v1/"}]}]})";

}  // namespace

}  // namespace core_auth_session_endpoint

BOOST_FIXTURE_TEST_SUITE(core_auth_session_endpoint, session_fixture)

BOOST_AUTO_TEST_CASE(endpoints_with_a_version_are_taken_as_they_are) {
  cloud.services = one_service("volumev3", "http://c:8776/v3/pid/");
  session s{who, cloud, nullptr};
  BOOST_TEST(endpoint(s, "block-storage", "3") == "http://c:8776/v3/pid");
  BOOST_TEST(endpoint(s, "block-storage", "") == "http://c:8776/v3/pid");
  BOOST_TEST(endpoint(s, "volumev2", "3", "R1") == "http://c:8776/v3/pid");
  BOOST_TEST(cloud.urls.size() == 1U);
  auto none = run(s.endpoint("dns", "R7", "2"));
  BOOST_TEST((none.error().code == errc::not_found));
  BOOST_TEST(none.error().message ==
             "the catalog has no public endpoint of service dns in region R7");
}

BOOST_AUTO_TEST_CASE(a_version_is_discovered_once_and_for_the_next_process) {
  cloud.services = one_service("image", "https://public/image");
  serve("https://public/image/", 300, glance);
  session s{who, cloud, &cache};
  BOOST_TEST(endpoint(s, "image", "2") == "https://public/image/v2");
  BOOST_TEST(endpoint(s, "image", "2") == "https://public/image/v2");
  BOOST_TEST(endpoint(s, "image", "") == "https://public/image");
  session second{who, cloud, &cache};
  BOOST_TEST(endpoint(second, "image", "2") == "https://public/image/v2");
  BOOST_TEST(cloud.asked("https://public/image/") == 1U);
  BOOST_TEST(cloud.posts == 1);
}

BOOST_AUTO_TEST_CASE(concurrent_discoveries_are_one) {
  cloud.services = one_service("image", "https://public/image");
  serve("https://public/image/", 300, glance);
  session s{who, cloud, nullptr};
  int done = 0;
  for (int i = 0; i < 8; ++i)
    http::asio::co_spawn(io, s.endpoint("image", "", "2"),
                         [&](const std::exception_ptr&, result<std::string> url) {
                           BOOST_TEST(*url == "https://public/image/v2");
                           ++done;
                         });
  spin([&] { return done == 8; });
  BOOST_TEST(cloud.asked("https://public/image/") == 1U);
}

BOOST_AUTO_TEST_CASE(another_major_is_looked_for_beside_the_catalogs) {
  cloud.services = one_service("volumev2", "http://c/volume/v2/pid");
  serve("http://c/volume/", 300, R"({"versions": [
    {"id": "v3.0", "status": "CURRENT", "links": [{"rel": "self", "href": "http://x/v3/"}]}]})");
  session s{who, cloud, nullptr};
  BOOST_TEST(endpoint(s, "block-storage", "3") == "http://c/volume/v3/pid");
}

BOOST_AUTO_TEST_CASE(without_an_answer_the_convention_holds) {
  cloud.services = one_service("image", "http://g");
  session s{who, cloud, &cache};
  for (auto [status, body] : {std::pair{503, ""}, std::pair{500, "x"}}) {
    serve("http://g/", status, body);
    BOOST_TEST(endpoint(s, "image", "2") == "http://g/v2");
  }
  BOOST_TEST(cloud.asked("http://g/") == 2U);  // a service that is down is asked again
  serve("http://g/", 403, "<html>");
  BOOST_TEST(endpoint(s, "image", "2") == "http://g/v2");
  BOOST_TEST(endpoint(s, "image", "2") == "http://g/v2");
  BOOST_TEST(cloud.asked("http://g/") == 3U);
}

BOOST_AUTO_TEST_CASE(network_and_load_balancer_are_not_asked) {
  cloud.services = one_service("network", "http://n:9696/");
  session s{who, cloud, nullptr};
  BOOST_TEST(endpoint(s, "network", "2") == "http://n:9696/v2.0");
  cloud.services = one_service("load-balancer", "http://lb");
  session lb{who, cloud, nullptr};
  BOOST_TEST(endpoint(lb, "load-balancer", "2") == "http://lb/v2.0");
  BOOST_TEST(cloud.urls.size() == 2U);
}

BOOST_AUTO_TEST_CASE(overrides_beat_the_catalog) {
  who.services["block_store_endpoint_override"] = "http://mine/v3/%(project_id)s/";
  who.services["vmexpire_endpoint_override"] = "http://expire/v1";
  session s{who, cloud, nullptr};
  BOOST_TEST(endpoint(s, "vmexpire", "1") == "http://expire/v1");
  BOOST_TEST(cloud.posts == 0);
  BOOST_TEST(endpoint(s, "block-storage", "3") == "http://mine/v3/pid");
  BOOST_TEST(cloud.posts == 1);
}

BOOST_AUTO_TEST_CASE(an_override_is_of_one_region_where_they_differ) {
  cloud.services = R"([{"type": "compute", "endpoints": [
    {"interface": "public", "region": "R1", "url": "http://p1/v2.1"},
    {"interface": "public", "region": "R2", "url": "http://p2/v2.1"}]},
    {"type": "image", "endpoints": [
    {"interface": "public", "region": "R1", "url": "http://g/v2"},
    {"interface": "public", "region": "R2", "url": "http://g/v2"}]}])";
  who.services["compute_endpoint_override"] = "http://mine/v2.1";
  who.services["image_endpoint_override"] = "http://other/v2";
  session open{who, cloud, nullptr};
  BOOST_TEST(endpoint(open, "compute", "2") == "http://mine/v2.1");
  BOOST_TEST((run(open.endpoint("compute", "R2", "2")).error().code == errc::config));
  BOOST_TEST(endpoint(open, "image", "2", "R2") == "http://other/v2");
  who.regional["R2"]["compute_endpoint_override"] = "http://two/v2.1";
  session told{who, cloud, nullptr};
  BOOST_TEST(endpoint(told, "compute", "2", "R2") == "http://two/v2.1");
  who.regional.clear();
  who.region = "R1";
  session chosen{who, cloud, nullptr};
  BOOST_TEST(endpoint(chosen, "compute", "2", "R1") == "http://mine/v2.1");
  BOOST_TEST(endpoint(chosen, "compute", "2", "R2") == "http://p2/v2.1");
}

BOOST_AUTO_TEST_CASE(a_type_that_is_set_and_not_there_is_a_mistake) {
  cloud.services = one_service("image", "http://g/v2");
  who.services["image_service_type"] = "nosuch";
  who.sources["image_service_type"] = "OS_IMAGE_SERVICE_TYPE";
  session s{who, cloud, nullptr};
  const auto none = run(s.endpoint("image", "R1", "2"));
  BOOST_TEST((none.error().code == errc::config));
  BOOST_TEST(none.error().line() ==
             "the catalog has no public endpoint of service image in region R1 under the type "
             "nosuch; check image_service_type, which OS_IMAGE_SERVICE_TYPE sets");
  who.services["image_service_type"] = "image";
  session right{who, cloud, nullptr};
  BOOST_TEST((run(right.endpoint("image", "R2", "2")).error().code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(what_a_kept_catalog_lacks_is_asked_for_again) {
  {
    session first{who, cloud, &cache};
    BOOST_TEST(!run(first.endpoint("dns", "", "2")));
  }
  BOOST_TEST(cloud.urls.size() == 1U);  // a new catalog is believed
  cloud.catalog = one_service("dns", "http://d/v2");
  session second{who, cloud, &cache};
  BOOST_TEST(endpoint(second, "dns", "2") == "http://d/v2");
  BOOST_TEST(!run(second.endpoint("image", "", "2")));
  BOOST_TEST(cloud.asked("http://k/v3/auth/catalog") == 1U);
  session third{who, cloud, &cache};
  BOOST_TEST(endpoint(third, "dns", "2") == "http://d/v2");
  BOOST_TEST(cloud.asked("http://k/v3/auth/catalog") == 1U);
  who.fresh_catalog = true;
  cloud.catalog = one_service("dns", "http://new/v2");
  session changing{who, cloud, &cache};
  BOOST_TEST(endpoint(changing, "dns", "2") == "http://new/v2");
  BOOST_TEST(cloud.posts == 1);
}

BOOST_AUTO_TEST_CASE(region_and_interface_of_the_settings) {
  cloud.services = R"([{"type": "compute", "endpoints": [
    {"interface": "public", "region": "R1", "url": "http://p1/v2.1"},
    {"interface": "public", "region": "R2", "url": "http://p2/v2.1"},
    {"interface": "internal", "region": "R2", "url": "http://i2/v2.1/$(tenant_id)s"}]}])";
  who.region = "R2";
  session s{who, cloud, nullptr};
  BOOST_TEST(endpoint(s, "compute", "2") == "http://p2/v2.1");
  BOOST_TEST(endpoint(s, "compute", "2", "R1") == "http://p1/v2.1");
  who.services["compute_interface"] = "internal";
  session inner{who, cloud, nullptr};
  BOOST_TEST(endpoint(inner, "compute", "2") == "http://i2/v2.1/pid");
}

BOOST_AUTO_TEST_SUITE_END()
