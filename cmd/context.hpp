// What every command is handed: settings, the one transport stack, the authenticated session, the
// policy, the clock and the reporter, each made when first asked for, so that `ostclean --version`
// opens nothing.
#pragma once

#include "cmd/command.hpp"
#include "core/auth/session.hpp"
#include "core/report/progress.hpp"
#include "core/report/stream.hpp"
#include "core/report/table.hpp"
#include "core/time.hpp"
#include "services/policy.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ostclean::cmd {

class context {
 public:
  /// `global`: the options before the command, and the output options of the command.
  context(boost::asio::any_io_executor executor, arguments global);
  ~context();

  const arguments& global() const;

  /// Merged settings; throws failure (config) when they cannot be read.
  const auth::settings& settings();
  /// Everything below authorisation: retry / dry run / trace / limit / Beast, shared by all
  /// sessions.
  http::transport& stack();
  /// From here on the stack refuses everything but GET, HEAD and the token POST. Call before the
  /// first request.
  void only_read();
  /// The session of the configured identity and scope.
  auth::session& session();
  /// Another identity or scope over the same stack and cache; the caller owns it and must not
  /// outlive the context.
  std::unique_ptr<auth::session> session_for(auth::settings who);

  const services::policy& policy();  ///< throws failure (config)
  sys_time now() const;              ///< --now, else the clock
  /// Every changing command calls both before its first request. Throws failure (refused) when
  /// --now is later than the clock and OSTCLEAN_TEST_CLOCK is not 1.
  void check_clock() const;
  /// Throws failure (config) when OS_* settings contradict the cloud that was named. From here on
  /// no catalog out of the cache is believed.
  void check_cloud();
  /// The second half of that alone: for reads that a deletion relies on.
  void want_fresh_catalog();

  /// Prints a list (or, with `-f json`, an array of objects) to stdout in the asked format.
  void print(const report::table& rows);
  /// A list that is printed while it arrives. `sorted_by`: what a table is sorted by unless the
  /// user says otherwise; the other formats keep the order in which the rows came.
  report::stream stream(report::table head, const std::string& sorted_by);
  /// Prints one object: Field/Value table, or an object in JSON.
  void print_object(const report::table& fields);
  /// Throws what print would throw for the columns of `rows`.
  void check_columns(const report::table& rows) const;
  /// The format that was asked for: "table", "json", ...
  std::string format() const;

  /// Text as it is, to stdout: for what is no table. A failed write decides the exit code later.
  void write(std::string_view text);
  /// Progress on stderr; silent where there is no terminal.
  report::progress& progress();

  // One line each; control characters in it are shown escaped.
  void note(std::string_view line);     ///< stderr, not with -q
  void detail(std::string_view line);   ///< stderr, with -v
  void warning(std::string_view line);  ///< stderr, always
  bool quiet() const;

  bool interactive() const;  ///< stdin and stderr are terminals
  /// Asks on the terminal and reads one line; nullopt at end of file or on a signal.
  std::optional<std::string> ask(std::string_view question);

  /// True once the user asked to stop (SIGINT, SIGTERM): start nothing new, finish what is in
  /// flight.
  bool interrupted() const;
  /// While somebody holds one, the stack sends nothing more once the user asked to stop: for what
  /// only prepares the work, and may be left off between any two requests.
  class heeding {
   public:
    explicit heeding(context& ctx);
    ~heeding();
    heeding(const heeding&) = delete;
    heeding& operator=(const heeding&) = delete;

   private:
    context& ctx_;
  };
  /// 130 or 143 once interrupted, else 0.
  int interrupt_code() const;

  /// What --timing, --log-file and the output still have to do; the exit code instead of `code`.
  int finish(int code);

 private:
  void prompt_password(auth::settings& who);

  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace ostclean::cmd
