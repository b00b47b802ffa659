// What the fuzz targets share: how a broken property ends the run, how one input is taken apart
// into several, a file for the readers that want a path, and answers for the readers that ask.
#pragma once

#include "core/http/transport.hpp"

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// FUZZ_TARGETS names them all, each as TARGET(name): 0, or the process ends.
#define TARGET(name) extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size);
FUZZ_TARGETS
#undef TARGET

namespace ostclean::fuzz {

/// Ends the process when a property does not hold; `detail` is shown.
void require(bool holds, const char* property, std::string_view detail = {});

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Takes the first line, or the first byte, off `rest`.
std::string_view take_line(std::string_view& rest);
unsigned take_byte(std::string_view& rest);

/// The texts between lines of three dashes.
std::vector<std::string> parts_of(std::string_view text);

/// A folder in memory that goes with the process, and a file in it.
const std::string& scratch_folder();
/// The file of that name, 0600, now with this text.
std::string scratch_file(const std::string& name, std::string_view text);
std::string contents_of(const std::string& file);

/// No proper part of a secret may be in what is shown.
void require_hidden(std::string_view shown, std::string_view secret);

/// Runs the work until it waits for nothing; everything here answers at once.
void run_to_end(boost::asio::awaitable<void> work);

template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::vector<T>& into) {
  into.push_back(co_await std::move(work));
}

template <class T>
T run(boost::asio::awaitable<T> work) {
  std::vector<T> into;
  run_to_end(keep(std::move(work), into));
  require(into.size() == 1, "a coroutine ends");
  return std::move(into.front());
}

/// Answers one body after the other; a body that begins with a line "!404" has that status. After
/// the last it begins again while `again` lasts, then there is no network any more. Each answer is
/// in the microversion that was asked for.
class answers : public http::transport {
 public:
  explicit answers(std::string_view text, std::size_t again = 0);

  http::asio::awaitable<result<http::response>> send(http::request r) override;

  std::vector<std::string> urls;  ///< of what was asked
  std::vector<int> statuses;      ///< of the answers to that, 0 for none
  bool only_reads = true;         ///< nothing but GET was sent, authentication apart
  std::size_t bodies() const { return bodies_.size(); }

 private:
  result<http::response> next();
  std::vector<std::string> bodies_;
  std::size_t at_ = 0, left_;
};

}  // namespace ostclean::fuzz
