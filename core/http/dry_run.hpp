// A dry run is not a promise of every command but a transport that cannot send anything that
// changes something.
#pragma once

#include "core/http/transport.hpp"

namespace ostclean::http {

class dry_run : public transport {
 public:
  /// `next` outlives the dry run.
  explicit dry_run(transport& next) : next_(next) {}

  /// Passes GET, HEAD and the token POST on; errc::refused, and nothing sent, for all else.
  asio::awaitable<result<response>> send(request r) override;

  std::size_t refused() const { return refused_; }

 private:
  transport& next_;
  std::size_t refused_ = 0;
};

}  // namespace ostclean::http
