#include "cmd/context.hpp"

#include "cmd/exit_status.hpp"
#include "cmd/log.hpp"
#include "cmd/output.hpp"
#include "cmd/process.hpp"
#include "cmd/stack.hpp"
#include "cmd/terminal.hpp"
#include "core/auth/token_cache.hpp"
#include "core/time.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace ostclean::cmd {
namespace {

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>{value};
}

[[noreturn]] void fail(errc code, std::string message, std::string hint = {}) {
  error e{code, std::move(message)};
  e.hint = std::move(hint);
  throw failure{std::move(e)};
}

report::options output_of(const arguments& global) {
  report::options how;
  how.format = global.value("format", "table");
  how.columns = global.values("column");
  how.sort_columns = global.values("sort-column");
  how.sort_descending = global.has("sort-descending");
  how.noindent = global.has("noindent");
  how.print_empty = global.has("print-empty");
  how.quote = global.value("quote", "nonnumeric");
  how.color = wants_color(global.value("color", "auto"), STDOUT_FILENO);
  how.fit_width = global.has("fit-width") || environment("CLIFF_FIT_WIDTH").value_or("0") == "1";
  const auto width = environment("CLIFF_MAX_TERM_WIDTH").value_or("0");
  how.max_width = static_cast<int>(global.number("max-width", std::atoi(width.c_str())));
  if (how.max_width == 0 && how.fit_width && is_terminal(STDOUT_FILENO))
    how.max_width = static_cast<int>(terminal_width());
  return how;
}

bool needs_password(const auth::settings& who) {
  return who.auth_type == "password" && who.password.empty() &&
         (!who.username.empty() || !who.user_id.empty());
}

// One row for every method and URL, the slowest first.
report::table summed(const std::vector<http::timing>& timings) {
  std::map<std::string, std::pair<int, double>> sums;
  for (const auto& one : timings) {
    auto& sum = sums[std::string{http::to_string(one.method)} + ' ' + one.url];
    ++sum.first;
    sum.second += one.seconds;
  }
  report::table rows{{"request", "count", "seconds"}};
  for (const auto& [request, sum] : sums)
    rows.rows.push_back({boost::json::value(request), boost::json::value(sum.first),
                         boost::json::value(std::round(1000 * sum.second) / 1000)});
  return rows;
}

}  // namespace

struct context::state {
  state(boost::asio::any_io_executor executor, arguments given)
      : executor(std::move(executor)),
        global(std::move(given)),
        how(output_of(global)),
        lines(global.value("log-file")),
        bar(draws_progress() ? [this](std::string_view text) { lines.terminal(text); }
                             : std::function<void(std::string_view)>{},
            terminal_width()) {}

  bool draws_progress() const {
    return is_terminal(STDERR_FILENO) && !global.has("quiet") && !global.has("debug") &&
           environment("TERM").value_or("dumb") != "dumb";
  }

  void say(std::string_view text, bool shown) {
    if (shown) bar.clear();
    lines.line(text, shown);
  }

  boost::asio::any_io_executor executor;
  arguments global;
  report::options how;
  log lines;
  report::progress bar;
  output out;
  bool reads_only = false, fresh_catalog = false;
  std::optional<sys_time> pretended;
  std::optional<auth::settings> who;
  std::optional<services::policy> rules;
  // In the order in which they are built on each other.
  std::unique_ptr<transport_stack> layers;
  std::unique_ptr<auth::token_cache> cache;
  std::unique_ptr<auth::session> me;
};

context::context(boost::asio::any_io_executor executor, arguments global)
    : state_(std::make_unique<state>(std::move(executor), std::move(global))) {
  if (!state_->global.has("now")) return;
  const std::string text = state_->global.value("now");
  state_->pretended = parse_iso8601(text);
  if (!state_->pretended)
    fail(errc::usage, "--now: '" + text + "' is not a time", "write it as 2026-01-31T12:00:00Z");
  warning("acting as if it were " + format_rfc3339(*state_->pretended));
}

context::~context() = default;

const arguments& context::global() const { return state_->global; }

void context::prompt_password(auth::settings& who) {
  state_->bar.clear();
  std::optional<std::string> secret;
  {
    const silence nobody_sees_it;
    state_->lines.terminal("Password: ");
    secret = read_line();
  }
  state_->lines.terminal("\n");
  if (interrupted()) fail(errc::interrupted, "interrupted");
  if (!secret || secret->empty()) fail(errc::config, "no password was given");
  who.password = std::move(*secret);
  who.sources["password"] = "terminal";
}

const auth::settings& context::settings() {
  if (state_->who) return *state_->who;
  if (state_->global.has("os-password"))
    warning(
        "--os-password can be read by everyone on this machine; OS_PASSWORD or clouds.yaml cannot");
  auto loaded = auth::load_settings(settings_in(state_->global), environment);
  auth::settings who = std::move(loaded).value();
  if (state_->global.has("all-regions")) {
    who.region.clear();
    who.regions.clear();
    who.sources["region_name"] = "--all-regions";
  }
  for (const auto& line : who.warnings) warning(line);
  if (state_->global.has("verify")) who.sources["insecure"] = "--verify";
  if (needs_password(who) && interactive()) prompt_password(who);
  if (!who.verify)
    warning("certificates are not verified: anyone in between can read and change this");
  return state_->who.emplace(std::move(who));
}

http::transport& context::stack() {
  if (state_->layers) return *state_->layers;
  stack_options how;
  how.verify = settings().verify;
  how.cacert = settings().cacert;
  how.cert = settings().cert;
  how.key = settings().key;
  how.timeout = std::chrono::ceil<std::chrono::milliseconds>(
      std::chrono::duration<double>{state_->global.number("timeout", 0)});
  how.max_concurrency = static_cast<std::size_t>(state_->global.number("max-concurrency", 32));
  how.keep_timings = state_->global.has("timing");
  how.rate = state_->global.number("rate", 0);
  if (state_->global.has("debug"))
    how.trace = [this](std::string_view line) { state_->say(line, true); };
  how.interrupted = [] { return caught_signal() != 0; };
  state_->layers = make_stack(state_->executor, how);
  if (state_->reads_only) state_->layers->only_read();
  return *state_->layers;
}

void context::only_read() {
  state_->reads_only = true;
  if (state_->layers) state_->layers->only_read();
}

auth::session& context::session() {
  if (!state_->me) state_->me = session_for(settings());
  return *state_->me;
}

std::unique_ptr<auth::session> context::session_for(auth::settings who) {
  if (!state_->cache)
    state_->cache = std::make_unique<auth::token_cache>(auth::default_cache_folder());
  auto* cache = who.cache ? state_->cache.get() : nullptr;
  who.fresh_catalog = state_->fresh_catalog;
  return std::make_unique<auth::session>(std::move(who), stack(), cache);
}

const services::policy& context::policy() {
  if (!state_->rules) state_->rules = services::load_policy(state_->global.value("config")).value();
  return *state_->rules;
}

sys_time context::now() const { return state_->pretended.value_or(wall_clock()); }

void context::check_clock() const {
  if (!state_->pretended || *state_->pretended <= wall_clock()) return;
  if (environment("OSTCLEAN_TEST_CLOCK").value_or("") == "1") return;
  fail(errc::refused, "--now is later than the clock, and this command changes things",
       "for a rehearsal on a test cloud set OSTCLEAN_TEST_CLOCK=1");
}

void context::want_fresh_catalog() { state_->fresh_catalog = true; }

void context::check_cloud() {
  want_fresh_catalog();
  const auto& who = settings();
  if (!who.contradictions.empty())
    fail(errc::config,
         "the environment contradicts cloud " + who.cloud + ": " +
             fmt::format("{}", fmt::join(who.contradictions, ", ")),
         "unset them, or leave out --os-cloud and OS_CLOUD");
  if (!who.differing.empty())
    fail(errc::config,
         "the regions of cloud " + who.cloud + " differ in " +
             fmt::format("{}", fmt::join(who.differing, ", ")),
         "choose one of them with --os-region-name");
}

void context::print(const report::table& rows) { write(report::render(rows, state_->how).value()); }

report::stream context::stream(report::table head, const std::string& sorted_by) {
  report::options how = state_->how;
  if (how.format == "table" && how.sort_columns.empty()) how.sort_columns = {sorted_by};
  return {std::move(head), std::move(how), [this](std::string_view text) { write(text); }};
}

void context::print_object(const report::table& fields) {
  write(report::render_object(fields, state_->how).value());
}

void context::check_columns(const report::table& rows) const {
  (void)report::render(rows, state_->how).value();
}

std::string context::format() const { return state_->how.format; }

void context::write(std::string_view text) {
  state_->bar.clear();
  state_->out.write(text);
}

report::progress& context::progress() { return state_->bar; }

void context::note(std::string_view line) { state_->say(line, !quiet()); }
void context::detail(std::string_view line) { state_->say(line, state_->global.has("verbose")); }
void context::warning(std::string_view line) {
  state_->say("ostclean: warning: " + std::string{line}, true);
}
bool context::quiet() const { return state_->global.has("quiet"); }

bool context::interactive() const {
  return is_terminal(STDIN_FILENO) && is_terminal(STDERR_FILENO);
}

std::optional<std::string> context::ask(std::string_view question) {
  state_->bar.clear();
  state_->lines.terminal(report::printable(question));
  return read_line();
}

bool context::interrupted() const { return caught_signal() != 0; }
context::heeding::heeding(context& ctx) : ctx_(ctx) {
  static_cast<transport_stack&>(ctx_.stack()).heed(true);
}
context::heeding::~heeding() { ctx_.state_->layers->heed(false); }
int context::interrupt_code() const { return interrupted() ? 128 + caught_signal() : 0; }

int context::finish(int code) {
  if (state_->cache && !state_->cache->warning().empty()) warning(state_->cache->warning());
  if (state_->global.has("timing") && state_->layers) {
    report::options how;
    how.sort_columns = {"seconds"};
    how.sort_descending = true;
    state_->lines.terminal(report::render(summed(state_->layers->timings()), how).value());
  }
  return state_->out.finish(code, state_->reads_only ? exit_failed : exit_partial);
}

}  // namespace ostclean::cmd
