// Once the user asked to stop, what only prepares the work sends nothing more: each attempt is
// looked at, not each command. What is under way ends as it does.
#pragma once

#include "core/http/transport.hpp"

#include <functional>

namespace ostclean::http {

class gate : public transport {
 public:
  /// `next` outlives the gate. `stopped` may be null: then it is always open.
  gate(transport& next, std::function<bool()> stopped)
      : next_(next), stopped_(std::move(stopped)) {}

  /// errc::interrupted, and nothing sent, while it heeds and the user asked to stop.
  asio::awaitable<result<response>> send(request r) override;

  /// Counts: it heeds until as many have said false as have said true.
  void heed(bool on) { heeding_ += on ? 1 : -1; }

 private:
  transport& next_;
  std::function<bool()> stopped_;
  int heeding_ = 0;
};

}  // namespace ostclean::http
