#include "cmd/deletion_report.hpp"

#include "core/json.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>
#include <map>

namespace ostclean::cmd {
namespace json = boost::json;
namespace {

const std::vector<std::string> k_result_keys{"project", "region", "kind", "before",
                                             "deleted", "kept",   "left"};
const std::vector<std::string> k_whole_keys{"projects", "summary"};

std::string_view fate_word(services::item::fate f) {
  using fate = services::item::fate;
  return f == fate::goes ? "delete" : f == fate::left ? "cannot" : "keep";
}

error cannot_report(const std::string& file) {
  return error{errc::io, "cannot write the report '" + file + "': " + std::strerror(errno)};
}

/// -1 and errno for what is no regular file: a FIFO would block, a device swallow the report.
int open_report(const std::string& file, int more) {
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | more;
  const int fd = ::open(file.c_str(), flags, 0600);
  struct stat about {};
  if (fd < 0 || (::fstat(fd, &about) == 0 && S_ISREG(about.st_mode))) return fd;
  ::close(fd);
  errno = EINVAL;
  return -1;
}

std::uint64_t size_of(const json::value& project, std::string_view key) {
  const auto* list = find(project, key);
  return list && list->is_array() ? list->get_array().size() : 0;
}

}  // namespace

void print_plan(context& ctx, const deletion& work) {
  report::table rows{
      {"kind", "id", "name", "project_id", "region", "action", "reason", "created", "root_cause"}};
  rows.hidden = {"created", "root_cause"};
  for (const auto& one : work.projects()) {
    for (const auto& i : one->items())
      rows.rows.push_back({report::cell(std::string{i.row->name}), report::cell(i.id),
                           report::cell(i.name), report::cell(one->project_id()),
                           report::cell(i.region), report::cell(std::string{fate_word(i.decided)}),
                           report::cell(i.reason), report::cell(i.created), report::cell(i.root)});
    for (const auto& unseen : one->not_visible())
      ctx.note(fmt::format("project {}: {} not visible: {}", one->project_name(), unseen.kind,
                           unseen.why));
  }
  say_unseen(ctx, work);
  ctx.print(rows);
}

void say_counts(context& ctx, const deletion& work) {
  for (const auto& one : work.projects()) {
    if (one->is_left_out()) continue;
    std::string line;
    for (const auto& [kind, n] : one->planned())
      line += fmt::format("{}{} {}", line.empty() ? "" : ", ", n, kind);
    ctx.note(fmt::format("project {} ({}): {}", one->project_name(), one->project_id(),
                         line.empty() ? "nothing to delete" : line));
    for (const auto& unseen : one->not_visible())
      ctx.note(fmt::format("  not visible: {}: {}", unseen.kind, unseen.why));
  }
  say_unseen(ctx, work);
}

json::object result_of(const deletion& work) {
  json::array projects;
  for (const auto& one : work.projects())
    for (auto& place : one->report()) projects.push_back(std::move(place));
  json::object summary;
  for (std::string_view key : {"deleted", "failed", "kept", "not_visible"}) {
    std::uint64_t n = 0;
    for (const auto& project : projects) n += size_of(project, key);
    summary[key] = n;
  }
  std::uint64_t unverified = 0;
  for (const auto& project : projects) unverified += size_of(project, "unverified");
  summary["left"] = summary["failed"].as_uint64() + unverified;
  summary["not_looked_at"] = work.not_looked_at().size();
  std::uint64_t locked = 0;
  for (const auto& project : projects)
    for (const auto& one : find(project, "kept")->as_array()) locked += true_at(one, "by_lock");
  summary["kept_by_lock"] = locked;
  return {{"projects", std::move(projects)}, {"summary", std::move(summary)}};
}

void print_result(context& ctx, const json::object& all) {
  if (ctx.format() != "table") {
    report::table whole{k_whole_keys};
    whole.rows.push_back({all.at("projects"), all.at("summary")});
    ctx.print_object(whole);
    return;
  }
  report::table rows{k_result_keys};
  for (const auto& project : all.at("projects").as_array()) {
    std::map<std::string, std::array<std::int64_t, 3>> by_kind;
    int column = 0;
    for (auto key : {"deleted", "kept", "failed"}) {
      for (const auto& kind : texts_at(project, std::string{key} + ".kind"))
        ++by_kind[kind][static_cast<std::size_t>(column)];
      ++column;
    }
    for (const auto& [kind, n] : by_kind)
      rows.rows.push_back({report::cell(text_at(project, "project_name")),
                           report::cell(text_at(project, "region")), report::cell(kind),
                           n[0] + n[1] + n[2], n[0], n[1], n[2]});
  }
  ctx.print(rows);
}

void check_result_columns(context& ctx) {
  ctx.check_columns(report::table{ctx.format() == "table" ? k_result_keys : k_whole_keys});
}

void say_failures(context& ctx, const json::object& all) {
  for (const auto& project : all.at("projects").as_array()) {
    const auto* failed = find(project, "failed");
    for (const auto& one : failed->as_array())
      ctx.warning(fmt::format("left in {}: {} {} ({}): {}", text_at(project, "project_name"),
                              text_at(one, "kind"), text_at(one, "name"), text_at(one, "id"),
                              text_at(one, "reason")));
    for (const auto& one : find(project, "went_meanwhile")->as_array())
      ctx.note(fmt::format("went meanwhile, not by this run: {} {} ({})", text_at(one, "kind"),
                           text_at(one, "name"), text_at(one, "id")));
    for (const auto& line : texts_at(project, "unverified")) ctx.warning("not verified: " + line);
  }
}

result<void> check_report(const std::string& file) {
  if (::fcntl(STDOUT_FILENO, F_GETFD) < 0)
    return error{errc::io, "standard output is closed; nothing was deleted"};
  if (file.empty()) return {};
  const int fd = open_report(file, 0);
  if (fd < 0) return cannot_report(file);
  ::close(fd);
  return {};
}

result<void> write_report(const std::string& file, const json::object& all) {
  const std::string body = json::serialize(all) + "\n";
  const int fd = open_report(file, O_TRUNC);
  if (fd < 0) return cannot_report(file);
  const bool good = ::write(fd, body.data(), body.size()) == static_cast<ssize_t>(body.size());
  auto failed = cannot_report(file);
  if (::close(fd) == 0 && good) return {};
  return failed;
}

}  // namespace ostclean::cmd
