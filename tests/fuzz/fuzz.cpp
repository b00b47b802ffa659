#include "tests/fuzz/fuzz.hpp"

#include "core/time.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ostclean::fuzz {
namespace {

class folder {
 public:
  folder() {
    std::string pattern = std::filesystem::is_directory("/dev/shm")
                              ? "/dev/shm/ostclean-fuzz-XXXXXX"
                              : "/tmp/ostclean-fuzz-XXXXXX";
    const char* made = ::mkdtemp(pattern.data());
    require(made != nullptr, "a folder can be made");
    path = made;
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string path;
};

// Keystone's answer to the login of a session.
http::response token_answer() {
  http::response yes{201};
  yes.headers.set("X-Subject-Token", "token");
  yes.body = R"({"token":{"expires_at":"2100-01-01T00:00:00Z","user":{"id":"u1"},)"
             R"("project":{"id":"p1"},"catalog":[)"
             R"({"type":"compute","endpoints":[{"interface":"public","region_id":"R",)"
             R"("url":"http://cloud/compute/v2.1"}]},)"
             R"({"type":"block-storage","endpoints":[{"interface":"public","region_id":"R",)"
             R"("url":"http://cloud/volume/v3/p1"}]}]}})";
  return yes;
}

}  // namespace

void require(bool holds, const char* property, std::string_view detail) {
  if (holds) return;
  std::fprintf(stderr, "this does not hold: %s\n%.*s\n", property, static_cast<int>(detail.size()),
               detail.data());
  std::abort();
}

std::string_view take_line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  const auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

unsigned take_byte(std::string_view& rest) {
  if (rest.empty()) return 0;
  const auto byte = static_cast<unsigned char>(rest.front());
  rest.remove_prefix(1);
  return byte;
}

std::vector<std::string> parts_of(std::string_view text) {
  constexpr std::string_view dashes = "\n---\n";
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(dashes);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + dashes.size());
  }
}

const std::string& scratch_folder() {
  static const folder made;
  return made.path;
}

std::string scratch_file(const std::string& name, std::string_view text) {
  std::string file = scratch_folder() + "/" + name;
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  require(fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
          "a file can be written", file);
  ::close(fd);
  return file;
}

std::string contents_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void require_hidden(std::string_view shown, std::string_view secret) {
  require(secret.size() < 4 || shown.find(secret) == std::string_view::npos,
          "a secret stays secret", shown);
}

void run_to_end(boost::asio::awaitable<void> work) {
  static boost::asio::io_context io{1};
  std::exception_ptr thrown;
  bool ended = false;
  boost::asio::co_spawn(io, std::move(work), [&](const std::exception_ptr& e) {
    thrown = e;
    ended = true;
  });
  io.restart();
  while (!ended && io.poll_one() != 0) {
  }
  require(ended, "nothing waits for ever");
  while (io.poll_one() != 0) {
  }
  if (thrown) std::rethrow_exception(thrown);
}

answers::answers(std::string_view text, std::size_t again)
    : bodies_(parts_of(text)), left_(again) {}

result<http::response> answers::next() {
  if (at_ == bodies_.size()) {
    if (left_ == 0) return error{errc::network, "nobody is there"};
    --left_;
    at_ = 0;
  }
  std::string_view body = bodies_[at_++];
  http::response answer{200};
  if (body.starts_with('!')) {
    const auto line = take_line(body).substr(1);
    std::from_chars(line.data(), line.data() + line.size(), answer.status);
    answer.status = std::clamp(answer.status, 100, 599);
  }
  answer.headers.set("Content-Type", "application/json");
  answer.body = body;
  return answer;
}

http::asio::awaitable<result<http::response>> answers::send(http::request r) {
  if (r.authentication) co_return token_answer();
  only_reads = only_reads && (r.method == http::verb::get || r.method == http::verb::head);
  urls.push_back(r.url);
  auto answer = next();
  statuses.push_back(answer ? answer->status : 0);
  const std::string version{r.headers.get("OpenStack-API-Version")};
  if (answer && !version.empty()) answer->headers.set("OpenStack-API-Version", version);
  if (answer && r.reader && r.reader->wants(*answer)) {
    const std::string body = std::move(answer->body);
    answer->body.clear();
    if (!r.reader->read(body)) co_return error{errc::protocol, "the answer cannot be read"};
  }
  co_return answer;
}

}  // namespace ostclean::fuzz
