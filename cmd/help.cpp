#include "cmd/help.hpp"

#include "cmd/commands.hpp"
#include "cmd/context.hpp"
#include "cmd/exit_status.hpp"
#include "cmd/terminal.hpp"

#include <algorithm>

namespace ostclean::cmd {
namespace {

namespace asio = boost::asio;

constexpr std::size_t widest_text = 100;

std::size_t text_end(std::string_view text, std::size_t width) {
  if (text.size() <= width) return text.size();
  const std::size_t space = text.rfind(' ', width);
  return space == std::string_view::npos || space == 0 ? std::min(text.find(' '), text.size())
                                                       : space;
}

void wrap(std::string& out, std::string_view text, std::size_t column, std::size_t indent,
          std::size_t width) {
  while (!text.empty()) {
    const std::size_t room = width > column ? width - column : 1;
    const std::size_t end = text_end(text, room);
    out += text.substr(0, end);
    out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!text.empty()) out.append(indent, ' ');
    column = indent;
  }
}

// Name on the left, text on the right; below each other where the terminal is narrow.
void entry(std::string& out, const std::string& left, std::string_view text, std::size_t column,
           std::size_t width) {
  width = std::min(width, widest_text);
  if (width < 2 * column) column = 6;
  out += "  " + left;
  if (left.size() + 4 > column)
    out += '\n' + std::string(column, ' ');
  else
    out.append(column - left.size() - 2, ' ');
  wrap(out, text, column, column, width);
}

std::string option_text(const option_spec& row) {
  std::string text = row.letter != 0 ? std::string{'-', row.letter} + ", " : "    ";
  text += "--" + std::string{row.name};
  if (!row.argument.empty()) text += ' ' + std::string{row.argument};
  return text;
}

void option_list(std::string& out, std::string_view heading, std::span<const option_spec> rows,
                 std::size_t width) {
  if (rows.empty()) return;
  out += '\n' + std::string{heading} + ":\n";
  for (const auto& row : rows) entry(out, option_text(row), row.help, 34, width);
}

void paragraph(std::string& out, std::string_view text, std::size_t width) {
  wrap(out, text, 0, 0, std::min(width, widest_text));
}

void usage(std::string& out, std::string_view rest, std::size_t width) {
  const std::string text = "usage: ostclean [global options] " + std::string{rest};
  wrap(out, text, 0, 7, std::min(width, widest_text));
  out += '\n';
}

asio::awaitable<result<int>> run_help(context& ctx, arguments args) {
  ctx.only_read();
  if (args.words.empty()) {
    ctx.write(program_help(terminal_width()));
    co_return exit_done;
  }
  std::size_t used = 0;
  const command* what = find_command(args.words, used);
  if (what != nullptr && used == args.words.size()) {
    ctx.write(command_help(*what, terminal_width()));
    co_return exit_done;
  }
  const std::string group = group_help(args.words.front(), terminal_width());
  if (!group.empty() && args.words.size() == 1) {
    ctx.write(group);
    co_return exit_done;
  }
  std::string asked;
  for (const auto& word : args.words) asked += (asked.empty() ? "" : " ") + word;
  co_return unknown_command(asked);
}

asio::awaitable<result<int>> run_version(context& ctx, arguments args) {
  ctx.only_read();
  if (!args.words.empty()) co_return error{errc::usage, "version takes no arguments"};
  ctx.write(version_text());
  co_return exit_done;
}

}  // namespace

std::string program_help(std::size_t width) {
  std::string out;
  usage(out, "<command> [options] [arguments]", width);
  paragraph(
      out, "Finds the accounts whose trial is over and removes everything they own, and only that.",
      width);
  out += "\ncommands:\n";
  for (const auto& row : commands()) entry(out, std::string{row.name}, row.summary, 20, width);
  option_list(out, "global options", global_options(), width);
  option_list(out, "output options of commands that list", output_options(), width);
  out += '\n';
  paragraph(out, "'ostclean help COMMAND' and ostclean-COMMAND(1) say more.", width);
  return out;
}

std::string command_help(const command& what, std::size_t width) {
  std::string out;
  usage(out,
        std::string{what.name} + (what.synopsis.empty() ? "" : " ") + std::string{what.synopsis},
        width);
  paragraph(out, what.summary, width);
  option_list(out, "options", what.options, width);
  out += '\n';
  paragraph(out,
            what.lists
                ? "It also takes the output options and the global options of 'ostclean help'."
                : "It also takes the global options of 'ostclean help'.",
            width);
  return out;
}

std::string group_help(std::string_view first, std::size_t width) {
  std::string out;
  for (const auto& row : commands())
    if (row.name.size() > first.size() && row.name.starts_with(first) &&
        row.name[first.size()] == ' ')
      entry(out, std::string{row.name}, row.summary, 20, width);
  if (out.empty()) return out;
  return "usage: ostclean [global options] " + std::string{first} +
         " <command> [options]\n\ncommands:\n" + out;
}

std::string version_text() { return "ostclean " OSTCLEAN_VERSION "\n"; }

command help_command() {
  command row;
  row.name = "help";
  row.summary = "show help for the program or for one command";
  row.synopsis = "[COMMAND]";
  row.run = run_help;
  row.words = "<command>";
  row.only_reads = true;
  return row;
}

command version_command() {
  command row;
  row.name = "version";
  row.summary = "show the version";
  row.run = run_version;
  row.only_reads = true;
  return row;
}

}  // namespace ostclean::cmd
