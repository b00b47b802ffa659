// What the tests of containers put into Swift.
#pragma once

#include <map>
#include <stdexcept>
#include <string>

#include "tests/cli/harness.hpp"
#include "tests/sandbox/client.hpp"

namespace cli {

/// The object store as a user sees it.
class store {
 public:
  explicit store(site& s) : store(s, s.mine) {}
  store(site& s, const sandbox::seeded& user)
      : user_(s.it, user.name, user.password, user.name),
        at_("/object-store/v1/AUTH_" + user.project_id + "/") {}

  using headers = std::map<std::string, std::string>;

  void put(const std::string& path, const headers& with = {}) {
    put(path, with, path.find('/') == std::string::npos ? "" : "x");
  }
  void put(const std::string& path, const headers& with, const std::string& body) {
    send("PUT", path, body, with);
  }
  /// A static large object of these.
  void manifest(const std::string& path, const words& segments) {
    json::array all;
    for (const auto& one : segments) all.push_back(json::object{{"path", one}});
    send("PUT", path + "?multipart-manifest=put", json::serialize(all), {});
  }
  void post(const std::string& path, const headers& with) { send("POST", path, "", with); }
  void del(const std::string& path) { send("DELETE", path, "", {}); }

 private:
  void send(const std::string& method, const std::string& path, const std::string& body,
            const headers& with) {
    const auto a = user_.send(method, at_ + path, body, with);
    if (a.status >= 300) throw std::runtime_error(method + " " + path + ": " + a.body);
  }

  sandbox::client user_;
  std::string at_;
};

}  // namespace cli
