#include "tests/cli/vault.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

namespace cli {
namespace {

namespace fs = std::filesystem;

const words k_marks{
    "Mark3d-proxy-pw", "Mark3d-server-pw", "TWFyazNkLXVzZXItZGF0YQ==", "Mark3d-meta-pw",
    "Mark3d-temp-url", "Mark3d-other-pw",  "Mark3d-client-key"};

/// What a wire or a file makes of a text without hiding it.
words spellings(const std::string& secret) {
  const std::string quoted = json::serialize(json::value(secret));
  words all{secret, quoted.substr(1, quoted.size() - 2)};
  if (secret.starts_with("Mark3d-proxy")) all.push_back("TWFyazNkLXByb3h5");  // the field's base64
  return all;
}

void check_absent(const std::string& text, const words& secrets, const std::string& about) {
  for (const auto& secret : secrets)
    for (const auto& spelt : spellings(secret)) {
      const auto at = text.find(spelt);
      if (at != std::string::npos)
        BOOST_ERROR(about << " shows a secret: " << text.substr(at > 200 ? at - 200 : 0, 400));
    }
}

}  // namespace

vault::vault() { plant(); }

void vault::plant() {
  s.it.change("server", s.mine.servers[0],
              {{"adminPass", k_marks[1]},
               {"OS-EXT-SRV-ATTR:user_data", k_marks[2]},
               {"metadata", json::object{{"admin_pass", k_marks[3]}}}});
  sandbox::fault keys;
  keys.service = "object-store", keys.action = "headers";
  keys.optional = true;  // not every case looks into Swift
  keys.headers = {{"X-Account-Meta-Temp-Url-Key", k_marks[4]},
                  {"X-Container-Meta-Temp-URL-Key-2", k_marks[4]}};
  s.it.add_fault(std::move(keys));
  (void)s.variables(how);
  fs::create_directories(s.home.path("given"));
  s.home.write("given/clouds.yaml", contents(s.home.path("clouds.yaml")));
  s.home.write("given/secure.yaml", "clouds:\n  other:\n    auth:\n      password: " + k_marks[5]);
  s.home.write("given/key.pem", k_marks[6]);
  how.environment = {{"OS_CLIENT_CONFIG_FILE", s.home.path("given/clouds.yaml")},
                     {"OS_CLIENT_SECURE_FILE", s.home.path("given/secure.yaml")},
                     {"https_proxy", "http://" + k_marks[0] + ":" + k_marks[0] + "@127.0.0.1:9"},
                     {"no_proxy", "127.0.0.1"}};
}

words vault::secrets() const {
  words all = k_marks;
  const auto issued = s.it.issued();
  all.insert(all.end(), issued.begin(), issued.end());
  all.insert(all.end(), {sandbox::cloud::admin_password(), s.mine.password});
  const auto file = contents(s.credentials());
  const std::string key = "\"password\":\"";
  for (auto at = file.find(key); at != std::string::npos; at = file.find(key, at + 1)) {
    const auto from = at + key.size();
    all.push_back(file.substr(from, file.find('"', from) - from));
  }
  return all;
}

process vault::start(const words& args) {
  words all{"--debug", "-v", "--timing", "--log-file", s.home.path("log")};
  all.insert(all.end(), args.begin(), args.end());
  return s.start(all, how);
}

ending vault::run(const words& args) {
  auto e = start(args).wait();
  std::string about;
  for (const auto& word : args) about += word + " ";
  search(e.out + e.err, about);
  return e;
}

void vault::search(const std::string& text, const std::string& about) const {
  const auto all = secrets();
  check_absent(text, all, about);
  for (const auto& file : fs::recursive_directory_iterator(s.home.path(""))) {
    const auto name = fs::relative(file.path(), s.home.path("")).string();
    const bool by_design = name.starts_with("given/") || name.starts_with("cache/") ||
                           name == "clouds.yaml" || file.path() == s.credentials();
    if (!by_design && file.is_regular_file())
      check_absent(contents(file.path().string()), all, about + "in " + name);
  }
}

words vault::wide_files() const {
  words wide;
  for (const auto& file : fs::recursive_directory_iterator(s.home.path(""))) {
    const auto name = fs::relative(file.path(), s.home.path("")).string();
    struct stat info {};
    if (::lstat(file.path().c_str(), &info) != 0 || (info.st_mode & 077) == 0) continue;
    if (name != "ca.pem" && name != "given") wide.push_back(name);
  }
  return wide;
}

}  // namespace cli
