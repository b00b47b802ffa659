// From argv to an exit code: finds the command, gives it its options and turns what it returns, or
// throws, into one line on stderr and one of the documented codes.
#include "cmd/commands.hpp"
#include "cmd/completion.hpp"
#include "cmd/context.hpp"
#include "cmd/exit_status.hpp"
#include "cmd/help.hpp"
#include "cmd/options.hpp"
#include "cmd/output.hpp"
#include "cmd/process.hpp"
#include "cmd/terminal.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <exception>
#include <new>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;

class invocation {
 public:
  invocation() = default;
  arguments global, own;
  const command* what = nullptr;
};

int print_error(const error& e) {
  std::fprintf(stderr, "ostclean: %s\n", report::printable(e.line()).c_str());
  return exit_status_of(e.code);
}

int print_text(std::string_view text) {
  output out;
  out.write(text);
  return out.finish(exit_done, exit_failed);
}

bool is_row(std::string_view name, std::span<const option_spec> rows) {
  return find_option("--" + std::string{name}, rows) != nullptr;
}

// A single-value option is given twice also when it stands once on either side of the command.
result<void> merge(invocation& all, arguments given) {
  const auto rows = options_of(*all.what);
  for (auto& [name, values] : given.options) {
    if (is_row(name, all.what->options)) {
      all.own.options[name] = std::move(values);
      continue;
    }
    auto& list = all.global.options[name];
    const auto* row = find_option("--" + name, rows);
    if (!list.empty() && !row->argument.empty() && !row->repeatable)
      return error{errc::usage, "option --" + name + " is given twice"};
    list.insert(list.end(), values.begin(), values.end());
  }
  all.own.words = std::move(given.words);
  return {};
}

result<void> check_together(const arguments& global) {
  static constexpr std::pair<std::string_view, std::string_view> pairs[] = {
      {"insecure", "verify"},
      {"quiet", "verbose"},
      {"sort-ascending", "sort-descending"},
      {"all-regions", "os-region-name"}};
  for (const auto& [one, other] : pairs)
    if (global.has(one) && global.has(other))
      return error{errc::usage, "--" + std::string{one} + " and --" + std::string{other} +
                                    " contradict each other"};
  if (global.number("max-concurrency", 1) < 1)
    return error{errc::usage, "option --max-concurrency needs at least 1"};
  return {};
}

result<arguments> parse_global(std::span<const std::string> args) {
  command all;
  all.lists = true;
  auto given = parse_options(args, options_of(all));
  if (given || args.empty()) return given;
  for (const auto& row : commands())
    for (const auto& word : args)
      if (given.error().message.ends_with(' ' + word) &&
          find_option(word, row.options) != nullptr) {
        error e{errc::usage, "option " + word + " belongs after its command"};
        e.hint = "see 'ostclean help'";
        return e;
      }
  return given;
}

result<invocation> understood(std::span<const std::string> args, std::size_t position) {
  invocation all;
  auto before = parse_global(args.first(position));
  if (!before) return before.error();
  all.global = std::move(*before);
  all.global.words.clear();
  std::size_t used = 0;
  all.what = find_command(args.subspan(position), used);
  if (all.what == nullptr) return unknown_command(args[position]);
  auto after = parse_options(args.subspan(position + used), options_of(*all.what));
  if (!after) {
    if (after.error().hint.empty()) {
      error e = after.error();
      e.hint = "see 'ostclean help " + std::string{all.what->name} + "'";
      return e;
    }
    return after.error();
  }
  if (auto good = merge(all, std::move(*after)); !good) return good.error();
  if (!all.what->lists)
    for (const auto& row : output_options())
      if (all.global.has(row.name))
        return error{errc::usage,
                     std::string{all.what->name} + " takes no --" + std::string{row.name}};
  if (auto good = check_together(all.global); !good) return good.error();
  return all;
}

asio::awaitable<void> run_command(const command& what, context& ctx, arguments args, int& code) {
  auto outcome = co_await what.run(ctx, std::move(args));
  ctx.progress().clear();
  if (outcome)
    code = *outcome;
  else
    code = ctx.interrupted() ? ctx.interrupt_code() : print_error(outcome.error());
}

/// A stdout that was closed has become one for reading only (harden_process).
bool is_writable(int fd) { return (::fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY; }

int execute(invocation all) {
  if (!is_writable(STDOUT_FILENO) && !all.what->only_reads)
    return print_error({errc::io, "standard output is closed; nothing was done"});
  catch_signals(all.what->only_reads);
  asio::io_context loop{1};
  context ctx{loop.get_executor(), std::move(all.global)};
  int code = exit_failed;
  std::exception_ptr thrown;
  asio::co_spawn(loop, run_command(*all.what, ctx, std::move(all.own), code),
                 [&](const std::exception_ptr& e) {
                   thrown = e;
                   loop.stop();
                 });
  loop.run();
  ctx.progress().clear();
  if (thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const failure& f) {
      code = print_error(f.why());
    }
  }
  if (ctx.interrupted()) code = ctx.interrupt_code();
  return ctx.finish(code);
}

int complete_words(std::span<const std::string> words) {
  std::string text;
  for (const auto& word : complete(words)) text += word + '\n';
  return print_text(text);
}

bool asks(const arguments& given, std::string_view option) { return given.has(option); }

int without_command(std::span<const std::string> args) {
  auto given = parse_global(args);
  if (!given) return print_error(given.error());
  if (asks(*given, "version")) return print_text(version_text());
  if (asks(*given, "help")) return print_text(program_help(terminal_width()));
  error e{errc::usage, "no command given"};
  e.hint = "see 'ostclean help'";
  return print_error(e);
}

int run_words(std::span<const std::string> args) {
  if (!args.empty() && args.front() == "__complete") return complete_words(args.subspan(1));
  const std::size_t position = command_position(args);
  if (position >= args.size()) return without_command(args);
  std::size_t used = 0;
  const std::string group = group_help(args[position], terminal_width());
  if (!group.empty() && find_command(args.subspan(position), used) == nullptr) {
    auto given = parse_global(args.subspan(position + 1));
    if (given && asks(*given, "help")) return print_text(group);
    error e{errc::usage, args[position] + " needs a command of its own"};
    e.hint = "see 'ostclean help " + args[position] + "'";
    return print_error(e);
  }
  auto all = understood(args, position);
  if (!all) return print_error(all.error());
  if (asks(all->global, "version")) return print_text(version_text());
  if (asks(all->global, "help")) return print_text(command_help(*all->what, terminal_width()));
  return execute(std::move(*all));
}

}  // namespace

int run(int argc, const char* const* argv) {
  try {
    harden_process();
    const std::vector<std::string> args(argv + (argc > 0 ? 1 : 0), argv + argc);
    return run_words(args);
  } catch (const failure& f) {
    return print_error(f.why());
  } catch (const std::bad_alloc&) {
    std::fputs("ostclean: out of memory\n", stderr);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "ostclean: internal error: %s\n", report::printable(e.what()).c_str());
  }
  return exit_failed;
}

}  // namespace ostclean::cmd
