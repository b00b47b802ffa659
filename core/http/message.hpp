// HTTP messages as plain values: no Beast, no sockets. Not aggregates on purpose: g++ 12.2
// miscompiles aggregate temporaries inside a co_await expression, so every type that crosses a
// coroutine has a constructor.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ostclean::http {

enum class verb { get, head, post, put, patch, del };

std::string_view to_string(verb method);

/// Header fields in the order they were given; names compare without regard to case.
class fields {
 public:
  void set(std::string name, std::string value);  ///< replaces every field of that name
  void add(std::string name, std::string value);
  /// The first value of that name, or an empty view.
  std::string_view get(std::string_view name) const;
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }

 private:
  std::vector<std::pair<std::string, std::string>> list_;
};

class response {
 public:
  response() = default;
  explicit response(int status) : status(status) {}

  int status = 0;
  fields headers;
  std::string body;
  bool repeated = false;  ///< an earlier attempt had no answer, and may have been acted on

  /// x-openstack-request-id, else x-compute-request-id, else Swift's x-trans-id, else empty.
  std::string request_id() const;
};

/// Takes the body of an answer while it arrives, so that a list of any length fits into memory.
class body_reader {
 public:
  body_reader() = default;
  body_reader(const body_reader&) = delete;
  body_reader& operator=(const body_reader&) = delete;
  virtual ~body_reader() = default;

  /// Called once an answer, before its body; true: the body goes to read() and stays out of the
  /// response.
  virtual bool wants(const response& head) = 0;
  /// The next bytes. False ends the exchange with errc::protocol; the reader knows why.
  virtual bool read(std::string_view bytes) = 0;
  /// What was read has been passed on already: the request must not be sent a second time.
  virtual bool passed_on() const = 0;
};

class request {
 public:
  request(verb method, std::string url) : method(method), url(std::move(url)) {
    repeatable = method != verb::post;
  }

  verb method;
  std::string url;  ///< absolute, percent-encoded
  fields headers;
  std::string body;
  std::string service;  ///< catalog type, the key of limits and of the trace: "compute"
  std::chrono::milliseconds deadline{
      60000};  ///< for one attempt, from name resolution to the last body byte
  std::size_t body_limit = 256UL << 20;  ///< bytes; a longer answer is errc::protocol
  bool repeatable;  ///< may be sent again although the service may have acted on it
  std::shared_ptr<body_reader> reader;  ///< null: the whole body goes into the response
  bool authentication =
      false;  ///< the token POST: allowed in a dry run, its bodies are never traced
};

static_assert(!std::is_aggregate_v<request> && !std::is_aggregate_v<response> &&
              !std::is_aggregate_v<fields>);

}  // namespace ostclean::http
