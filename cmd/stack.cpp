#include "cmd/stack.hpp"

namespace ostclean::cmd {
namespace {

class layered : public transport_stack {
 public:
  layered(boost::asio::any_io_executor, stack_options how) : how_(std::move(how)) {}

  http::asio::awaitable<result<http::response>> send(http::request) override {
    co_return error{errc::network, "not wired"};
  }

  void only_read() override { only_read_ = true; }
  const std::map<std::string, spent>& timings() const override { return timings_; }

 private:
  stack_options how_;
  std::map<std::string, spent> timings_;
  bool only_read_ = false;
};

}  // namespace

std::unique_ptr<transport_stack> make_stack(boost::asio::any_io_executor executor,
                                            stack_options how) {
  return std::make_unique<layered>(std::move(executor), std::move(how));
}

}  // namespace ostclean::cmd
