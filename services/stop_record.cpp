#include "services/stop_record.hpp"

#include "core/json.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <cstring>

namespace ostclean::services {
namespace json = boost::json;
namespace {

former former_of(const json::value& line) {
  former one;
  one.kind = text_at(line, "kind");
  one.id = text_at(line, "id");
  one.name = text_at(line, "name");
  one.project_id = text_at(line, "project_id");
  one.region = text_at(line, "region");
  one.state = text_at(line, one.kind == "server" ? "status" : "visibility");
  if (const auto* members = find(line, "members"); members && members->is_array())
    for (const auto& member : members->get_array())
      one.members.emplace_back(text_at(member, "member_id"), text_at(member, "status"));
  return one;
}

json::object line_of(const char* event, const former& one) {
  return {{"event", event},
          {"kind", one.kind},
          {"id", one.id},
          {"name", one.name},
          {"project_id", one.project_id},
          {"region", one.region},
          {"at", format_rfc3339(wall_clock())}};
}

/// False for a line that no version of this program writes.
bool take(stop_facts& facts, const json::value& line) {
  const std::string event = text_at(line, "event");
  if (event == "swept") return facts.swept.insert(text_at(line, "project_id")).second || true;
  former one = former_of(line);
  if (one.id.empty() || (one.kind != "server" && one.kind != "image")) return false;
  const stop_facts::key key{one.kind, one.id};
  if (event == "before") {
    if (one.state.empty() || one.project_id.empty()) return false;
    facts.changed.emplace(key, std::move(one));
  } else if (event == "lock") {
    if (auto at = facts.changed.find(key); at != facts.changed.end())
      at->second.locked_by_us = true;
  } else if (event == "undone") {
    facts.changed.erase(key);
  } else if (event == "in_use") {
    facts.in_use.insert(one.id);
  } else {
    return false;
  }
  return true;
}

class descriptor {
 public:
  explicit descriptor(int fd) : fd(fd) {}
  descriptor(const descriptor&) = delete;
  ~descriptor() {
    if (fd >= 0) ::close(fd);
  }
  int fd;
};

/// The record says what becomes public again: nobody else may have had a hand in it.
result<std::string> contents(const std::string& file) {
  const descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  struct stat info {};
  if (in.fd < 0 && errno == ELOOP) return config_error(file, "is a symbolic link");
  if (in.fd < 0 || ::fstat(in.fd, &info) != 0)
    return error{errc::config, fmt::format("cannot read {}: {}", file, std::strerror(errno))};
  if (!S_ISREG(info.st_mode)) return config_error(file, "is not a regular file");
  if (info.st_uid != ::geteuid() && info.st_uid != 0)
    return config_error(file, "belongs to somebody else");
  if ((info.st_mode & 0022U) != 0) {
    error e = config_error(file, "others can write to it");
    e.hint = "chmod go-w it, when nobody has changed it";
    return e;
  }
  std::string text(static_cast<std::size_t>(info.st_size), '\0');
  std::size_t have = 0;
  while (have < text.size()) {
    const ssize_t got = ::read(in.fd, text.data() + have, text.size() - have);
    if (got < 0 && errno != EINTR)
      return error{errc::config, fmt::format("cannot read {}: {}", file, std::strerror(errno))};
    if (got == 0) break;
    if (got > 0) have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

/// Nothing, or a first line that was torn: nothing was begun.
bool is_blank(std::string_view text) {
  return text.find('\n') == std::string_view::npos && (text.empty() || text.front() == '{') &&
         !text.ends_with('}');
}

}  // namespace

result<stop_facts> parse_stop_record(std::string_view text, const std::string& name) {
  stop_facts facts;
  text = without_byte_order_mark(text);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    return config_error(name, "is empty, no record of what was stopped");
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    std::string_view one = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (one.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = fmt::format("{}:{}", name, number);
    boost::system::error_code ec;
    const json::value line = json::parse(json::string_view{one.data(), one.size()}, ec);
    if (ec && end == std::string_view::npos && !facts.cloud.url.empty()) break;
    if (ec) return config_error(where, "not valid JSON: " + ec.message());
    if (facts.cloud.url.empty()) {
      facts.cloud = cloud_identity::read(line, "cloud");
      if (text_at(line, "event") != "begin" || text_at(line, "command") != "stop" ||
          facts.cloud.url.empty())
        return config_error(where, "not a record that stop has written");
    } else if (text_at(line, "event") != "begin" && !take(facts, line)) {
      return config_error(where, "not a line that stop has written");
    }
  }
  return facts;
}

result<stop_facts> read_stop_record(const std::string& file) {
  auto text = contents(file);
  if (!text) return text.error();
  return parse_stop_record(*text, file);
}

result<stop_facts> look_at_stop_record(const std::string& file) {
  if (::access(file.c_str(), F_OK) != 0 && errno == ENOENT) return stop_facts{};
  auto text = contents(file);
  if (!text) return text.error();
  if (is_blank(*text)) return stop_facts{};
  return parse_stop_record(*text, file);
}

result<std::unique_ptr<stop_record>> stop_record::go_on(const std::string& file,
                                                        const this_cloud& cloud) {
  auto log = plan::journal::go_on(file);
  if (!log) return log.error();
  auto text = contents(file);  // only now that nobody else writes it
  if (!text) return text.error();
  stop_facts facts;
  if (text->empty()) {
    facts.cloud = cloud.identity;
    json::object begin{{"event", "begin"}, {"command", "stop"}, {"version", 1}};
    cloud.identity.write(begin, "cloud");
    if (auto written = (*log)->write(begin); !written) return written.error();
  } else {
    auto read = parse_stop_record(*text, file);
    if (!read) return read.error();
    if (auto same = cloud.check(read->cloud, file, k_record_way_out); !same) return same.error();
    facts = std::move(*read);
  }
  return std::unique_ptr<stop_record>{new stop_record{std::move(*log), std::move(facts)}};
}

result<std::unique_ptr<stop_record>> stop_record::open(const std::string& file,
                                                       const this_cloud& cloud) {
  if (::access(file.c_str(), F_OK) != 0 && errno == ENOENT) {
    auto made = plan::journal::create(file, plan::journal::lines::plain);
    if (!made) return made.error();
  }
  // Looked at before anything in it is mended: it may be no record at all.
  auto good = look_at_stop_record(file);
  if (!good) return good.error();
  if (good->cloud.url.empty()) return go_on(file, cloud);
  if (auto same = cloud.check(good->cloud, file, k_record_way_out); !same) return same.error();
  return go_on(file, cloud);
}

result<std::unique_ptr<stop_record>> stop_record::reopen(const std::string& file,
                                                         const this_cloud& cloud) {
  auto good = read_stop_record(file);
  if (!good) return good.error();
  if (auto same = cloud.check(good->cloud, file, k_record_way_out); !same) return same.error();
  return go_on(file, cloud);
}

result<void> stop_record::before(const former& one) {
  const stop_facts::key key{one.kind, one.id};
  if (facts_.changed.contains(key)) return {};
  json::object line = line_of("before", one);
  line[one.kind == "server" ? "status" : "visibility"] = one.state;
  if (one.kind == "image") {
    json::array members;
    for (const auto& member : one.members)
      members.push_back(json::object{{"member_id", member.id}, {"status", member.status}});
    line["members"] = std::move(members);
  }
  if (auto written = log_->write(line); !written) return written.error();
  facts_.changed.emplace(key, one);
  return {};
}

result<void> stop_record::locks(const former& one) {
  if (auto known = before(one); !known) return known.error();
  if (auto written = log_->write(line_of("lock", one)); !written) return written.error();
  facts_.changed[{one.kind, one.id}].locked_by_us = true;
  return {};
}

result<void> stop_record::undone(const former& one) {
  const stop_facts::key key{one.kind, one.id};
  if (auto written = log_->write(line_of("undone", one)); !written) return written.error();
  facts_.changed.erase(key);
  return {};
}

result<void> stop_record::in_use(const former& image, json::array servers) {
  json::object line = line_of("in_use", image);
  line["servers"] = std::move(servers);
  facts_.in_use.insert(image.id);
  return log_->write(line);
}

result<void> stop_record::swept(const std::string& project_id) {
  facts_.swept.insert(project_id);
  return log_->write({{"event", "swept"}, {"project_id", project_id}});
}

}  // namespace ostclean::services
