// Who uses an image, from all servers and volumes of a cloud: only what was asked for is told, and
// a list that did not come whole is an error, never "nobody".
#include "services/image_use.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <boost/json/parse.hpp>
#include <set>

using namespace ostclean;
using namespace ostclean::fuzz;
using namespace ostclean::services;

namespace {

auth::settings administrator() {
  auth::settings who;
  who.auth_type = "password";
  who.auth_url = "http://keystone/v3";
  who.username = "admin";
  who.password = "secret";
  who.scope.project_id = "p1";
  return who;
}

void check_users(const std::map<std::string, std::vector<image_user>>& all,
                 const std::set<std::string>& wanted) {
  for (const auto& [image, users] : all) {
    require(wanted.contains(image), "only what was asked for is told", image);
    require(!users.empty(), "an image that is used has a user", image);
    for (const auto& one : users) require(one.region == "R", "a user is somewhere", one.id);
  }
}

/// Every good answer was JSON, of which the bodies that nobody asked for and refusals prove
/// nothing.
bool good_were_json(const answers& cloud, std::string_view text) {
  const auto parts = parts_of(text);
  for (std::size_t i = 0; i < cloud.statuses.size(); ++i) {
    if (cloud.statuses[i] / 100 != 2) continue;
    std::string_view body = parts[i];
    if (body.starts_with('!')) take_line(body);
    boost::system::error_code ec;
    (void)boost::json::parse({body.data(), body.size()}, ec);
    if (ec) return false;
  }
  return true;
}

}  // namespace

/// The bodies: the services of Cinder, volumes, the services of Nova, then servers, and those that
/// are set aside.
extern "C" int fuzz_image_use(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  answers cloud(text);
  auth::session admin(administrator(), cloud, nullptr);
  const std::set<std::string> wanted{"i1", "i2"};
  const auto found = run(find_image_use(admin, {"R"}, wanted));
  require(cloud.only_reads, "the cloud is only asked");
  for (const auto& url : cloud.urls)
    require(url == "http://cloud/volume/v3/p1/os-services" ||
                url.starts_with("http://cloud/volume/v3/p1/volumes/detail?") ||
                url == "http://cloud/compute/v2.1/os-services" ||
                url.starts_with("http://cloud/compute/v2.1/servers/detail?"),
            "only lists are asked for", url);
  if (!found) return 0;
  require(cloud.urls.size() >= 5 && good_were_json(cloud, text),
          "nobody is only said of whole lists", text);
  check_users(found->servers, wanted);
  check_users(found->volumes, wanted);
  return 0;
}
