// --debug as OpenStack's clients write it (keystoneauth's curl lines), with what they forget to
// hide: request bodies are redacted too. Also counts and times every request for --timing.
#pragma once

#include "core/http/transport.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::http {

class trace_options {
 public:
  trace_options() = default;
  std::function<void(std::string_view)>
      sink;               ///< one line at a time, without line end; may be empty
  bool insecure = false;  ///< only to show the options curl would need
  std::string cacert;
  bool keep_timings = false;
};

class timing {
 public:
  timing(verb method, std::string url, double seconds)
      : method(method), url(std::move(url)), seconds(seconds) {}
  verb method;
  std::string url;
  double seconds;
};

class confidences;

/// Also takes what a request confided out of an answer that is an error or a redirect.
class trace : public transport {
 public:
  /// `next` outlives the trace.
  trace(transport& next, trace_options options);

  asio::awaitable<result<response>> send(request r) override;

  std::size_t count() const { return count_; }                     ///< requests ended so far
  double seconds() const { return seconds_; }                      ///< their sum
  const std::vector<timing>& timings() const { return timings_; }  ///< in the order they ended

 private:
  void show(const result<response>& answer, const request& asked, const confidences& told) const;

  transport& next_;
  trace_options options_;
  std::size_t count_ = 0;
  double seconds_ = 0;
  std::vector<timing> timings_;
};

/// "REQ: curl -g -i -X GET URL -H ..."; fields sorted, secrets hashed or masked.
std::string trace_request(const request& r, const trace_options& options);
/// "RESP: [200] ...".
std::string trace_response(const response& answer);
/// "RESP BODY: ..." for JSON and text, else empty; `r` is what was asked.
std::string trace_body(const response& answer, const request& r);

}  // namespace ostclean::http
