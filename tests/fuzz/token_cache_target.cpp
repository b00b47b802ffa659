// The cache of tokens: what comes out is what went in, or nothing. A token is never made of other
// bytes, and a damaged entry goes.
#include "core/auth/session_state.hpp"
#include "core/auth/token_cache.hpp"
#include "core/digest.hpp"
#include "core/json.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <unistd.h>
#include <boost/json/parse.hpp>

using namespace ostclean;
using namespace ostclean::fuzz;
namespace json = boost::json;

namespace {

auth::settings somebody() {
  auth::settings who;
  who.auth_type = "password";
  who.auth_url = "http://keystone/v3";
  who.username = "ann";
  who.password = "secret";
  return who;
}

bool is_there(const std::string& file) { return ::access(file.c_str(), F_OK) == 0; }

/// Any file in the cache's place.
void check_foreign(const auth::token_cache& cache, std::string_view text) {
  const std::string file = scratch_file("entry", text);
  const auto got = cache.load("entry");
  require(got.has_value() == is_there(file), "a damaged entry goes");
  if (!got) return;
  require(text.size() >= 65 && text.substr(65) == *got && text.substr(1, 64) == sha256(*got),
          "an entry is whole");
}

/// One byte of an entry changed, or its end lost.
void check_damage(const auth::token_cache& cache, std::string_view text, unsigned at,
                  unsigned how) {
  cache.store("entry", std::string{text});
  require(cache.load("entry") == text, "what was stored is loaded");
  const std::string file = scratch_folder() + "/entry";
  std::string bytes = contents_of(file);
  if (how == 0)
    bytes.resize(at % bytes.size());
  else
    bytes[at % bytes.size()] = static_cast<char>(bytes[at % bytes.size()] ^ static_cast<char>(how));
  scratch_file("entry", bytes);
  require(!cache.load("entry"), "a damaged entry is not loaded");
  require(!is_there(file), "a damaged entry goes");
}

class nobody : public http::transport {
 public:
  http::asio::awaitable<result<http::response>> send(http::request) override {
    co_return error{errc::network, "nobody"};
  }
};

/// An entry that is whole and says anything.
void check_token(auth::token_cache& cache, std::string_view text) {
  nobody none;
  auth::session_state state(somebody(), none, &cache);
  cache.store(state.key, std::string{text});
  if (!state.adopt_cached()) {
    require(!state.usable() && state.now.id.empty(), "no token out of nothing");
    return;
  }
  require(state.usable() && !state.now.id.empty(), "a token that was taken is good");
  boost::system::error_code ec;
  const auto kept = json::parse(json::string_view{text.data(), text.size()}, ec);
  require(!ec && text_at(kept, "id") == state.now.id, "a token is the one that was kept");
  state.save();
  auth::session_state again(somebody(), none, &cache);
  require(again.adopt_cached() && again.now.id == state.now.id, "a token survives being kept");
  require(again.now.user_id == state.now.user_id && again.now.roles == state.now.roles &&
              again.discovered == state.discovered,
          "and so does what came with it");
  again.reject(again.generation);
  require(!again.usable() && !again.adopt_cached(), "a rejected token is not taken again");
}

}  // namespace

/// Two bytes for the place of the damage, one for what it is, then an entry.
extern "C" int fuzz_token_cache(const std::uint8_t* data, std::size_t size) {
  auto text = text_of(data, size);
  auth::token_cache cache(scratch_folder());
  check_foreign(cache, text);
  const unsigned place = take_byte(text) * 256 + take_byte(text);
  const unsigned how = take_byte(text);
  check_damage(cache, text, place, how);
  check_token(cache, text);
  return 0;
}
