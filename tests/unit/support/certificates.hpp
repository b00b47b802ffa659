// Certificates made anew in each test run, so that none in the repository ever expires.
#pragma once

#include <filesystem>
#include <string>

namespace ostclean::testing {

/// A folder with ca.pem and with NAME.pem (certificate and key); removed at the end.
class certificate_folder {
 public:
  certificate_folder();
  ~certificate_folder();
  certificate_folder(const certificate_folder&) = delete;
  certificate_folder& operator=(const certificate_folder&) = delete;

  std::string ca() const { return file("ca"); }
  /// Issues file(name) for `alternative_names`, e.g. "DNS:localhost,IP:127.0.0.1".
  std::string issue(const std::string& name, const std::string& alternative_names);
  std::string file(const std::string& name) const { return (folder_ / (name + ".pem")).string(); }

 private:
  std::filesystem::path folder_;
  struct authority;
  authority* authority_;
};

}  // namespace ostclean::testing
