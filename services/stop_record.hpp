// What `stop` changed and what it was before, so that it can be undone: JSON lines that are only
// ever added to, each synced before the change it speaks of is sent. A file may serve many runs;
// what an object was before the first of them counts.
#pragma once

#include "core/error.hpp"
#include "core/plan/journal.hpp"
#include "services/cloud_identity.hpp"

#include <boost/json/array.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace ostclean::services {

/// Another project that sees a shared image.
class image_member {
 public:
  image_member(std::string id, std::string status) : id(std::move(id)), status(std::move(status)) {}
  std::string id, status;  ///< project id; "accepted", "pending", "rejected"
};

/// A server or an image as it was before `stop` touched it.
class former {
 public:
  former() = default;
  std::string kind;  ///< "server" or "image"
  std::string id, name, project_id, region;
  std::string state;                  ///< Nova's status, or Glance's visibility
  std::vector<image_member> members;  ///< images only
  bool locked_by_us = false;          ///< servers only
};
static_assert(!std::is_aggregate_v<former> && !std::is_aggregate_v<image_member>);

/// What the lines of a record add up to.
class stop_facts {
 public:
  stop_facts() = default;
  using key = std::pair<std::string, std::string>;  ///< kind, id

  cloud_identity cloud;
  std::map<key, former> changed;  ///< and not undone since
  std::set<std::string> in_use;   ///< ids of images that servers of others use
  std::set<std::string> swept;    ///< ids of the projects for which `in_use` is known
};

/// The lines of a record's text; `name` stands for the file in messages. A torn last line is what a
/// killed run leaves and is skipped. errc::config.
result<stop_facts> parse_stop_record(std::string_view text, const std::string& name);

/// What to do about a record when Keystone has another id by now.
inline constexpr std::string_view k_record_way_out =
    "take keystone_id out of the first line of the record";

/// Reads without holding it. errc::config, also when others may write it.
result<stop_facts> read_stop_record(const std::string& file);

/// The same before a run adds to it: nothing known, and of no cloud, when it is not there or blank.
result<stop_facts> look_at_stop_record(const std::string& file);

class stop_record {
 public:
  /// Creates the file (0600), or goes on with the one that is there. errc::config, also when that
  /// is of another cloud, errc::io.
  static result<std::unique_ptr<stop_record>> open(const std::string& file,
                                                   const this_cloud& cloud);
  /// The same, but the file must be there and have something in it.
  static result<std::unique_ptr<stop_record>> reopen(const std::string& file,
                                                     const this_cloud& cloud);

  const stop_facts& facts() const { return facts_; }
  const std::string& file() const { return log_->file(); }

  // Each of these is on disk when it returns; errc::io: then the change must not be sent.
  /// Nothing is written for what is known already: the first state counts.
  result<void> before(const former& one);
  result<void> locks(const former& one);
  result<void> undone(const former& one);
  /// `servers`: objects with id, name, project_id, region.
  result<void> in_use(const former& image, boost::json::array servers);
  result<void> swept(const std::string& project_id);

 private:
  stop_record(std::unique_ptr<plan::journal> log, stop_facts facts)
      : log_(std::move(log)), facts_(std::move(facts)) {}
  static result<std::unique_ptr<stop_record>> go_on(const std::string& file,
                                                    const this_cloud& cloud);

  std::unique_ptr<plan::journal> log_;
  stop_facts facts_;
};

}  // namespace ostclean::services
