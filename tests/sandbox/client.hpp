// A blocking HTTPS client, small enough to be obviously right: the sandbox is tested with it, and
// never with the program's own transport.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tests/sandbox/cloud.hpp"

namespace sandbox {

struct answer {
  int status = 0;                              ///< 0: no HTTP answer
  std::map<std::string, std::string> headers;  ///< lower-case names
  std::string body;
  std::string failure;  ///< why there was no whole answer

  json::value json() const;  ///< null when the body is none
};

class client {
 public:
  explicit client(const cloud& c);
  /// Logs in; throws when that is refused. Every later request carries the token.
  client(const cloud& c, const std::string& user, const std::string& password,
         const std::string& project);
  ~client();

  answer send(const std::string& method, const std::string& target, const std::string& body = {},
              const std::map<std::string, std::string>& headers = {});
  answer get(const std::string& target) { return send("GET", target); }
  int del(const std::string& target) { return send("DELETE", target).status; }
  answer post(const std::string& target, const json::value& body,
              const std::map<std::string, std::string>& headers = {});
  std::string token;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

json::value password_auth(const std::string& user, const std::string& password,
                          const std::string& project);

}  // namespace sandbox
