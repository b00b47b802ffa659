// What `vmexpire delete` and `vmexclude delete` do with each argument, and what they ask before.
#pragma once

#include "cmd/vm_outcome.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostclean::cmd {

void fill(vm_outcome& out, const services::vm_expiration& row, sys_time now);
void fill(vm_outcome& out, const services::vm_exclusion& row, sys_time now);

/// Deletes what was found, each argument on its own.
template <class Service, class Found>
class vm_deleting {
 public:
  /// `ctx` and `with` must outlive it.
  vm_deleting(context& ctx, Service& with, std::vector<Found> found, bool dry)
      : outcomes(found.size()), ctx_(ctx), with_(with), found_(std::move(found)), dry_(dry) {}

  boost::asio::awaitable<void> operator()(std::size_t i) {
    auto& one = found_[i];
    auto& out = outcomes[i];
    out.argument = one.argument;
    out.outcome = "failed";
    out.failed = one.why;
    if (!one.row) co_return;
    fill(out, *one.row, ctx_.now());
    if (dry_) {
      out.outcome = "would be deleted";
      co_return;
    }
    if (ctx_.interrupted()) {
      out.failed = error{errc::interrupted, "not deleted: interrupted"};
      co_return;
    }
    auto gone = co_await with_.remove(one.row->id);
    // It was there a moment ago: a request sent twice, or somebody else was faster.
    if (!gone && gone.error().code == errc::not_found)
      out.reason = "it was gone already";
    else if (!gone)
      out.failed = gone.error();
    if (!out.failed) out.outcome = "deleted";
  }

  std::vector<vm_outcome> outcomes;

 private:
  context& ctx_;
  Service& with_;
  std::vector<Found> found_;
  bool dry_;
};

/// "delete 2 THINGs: a, b? CONSEQUENCE"; empty when there is none.
std::string delete_question(const std::vector<std::string>& labels, std::string_view thing,
                            std::string_view consequence);

}  // namespace ostclean::cmd
