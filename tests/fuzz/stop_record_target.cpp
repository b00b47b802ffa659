// The record by which `stop --undo` brings things back: whatever the file says, only what a line
// names completely is ever touched, and facts survive being written.
#include "services/stop_record.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <unistd.h>

using namespace ostclean;
using namespace ostclean::fuzz;
using services::former;
using services::stop_facts;

namespace {

bool same(const former& a, const former& b) {
  const auto members = [](const former& one) {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& member : one.members) all.emplace_back(member.id, member.status);
    return all;
  };
  return a.kind == b.kind && a.id == b.id && a.name == b.name && a.project_id == b.project_id &&
         a.region == b.region && a.state == b.state && members(a) == members(b) &&
         a.locked_by_us == b.locked_by_us;
}

void check_same(const stop_facts& a, const stop_facts& b) {
  require(a.cloud.url == b.cloud.url && a.cloud.keystone_id == b.cloud.keystone_id &&
              a.in_use == b.in_use && a.swept == b.swept && a.changed.size() == b.changed.size(),
          "a record survives being written");
  for (const auto& [key, one] : a.changed) {
    const auto other = b.changed.find(key);
    require(other != b.changed.end() && same(one, other->second), "what was changed is known",
            one.id);
  }
}

void check_facts(const stop_facts& facts) {
  require(!facts.cloud.url.empty(), "a record is of a cloud");
  for (const auto& [key, one] : facts.changed) {
    require(!one.id.empty() && !one.project_id.empty() && !one.state.empty(),
            "what is brought back is named", one.id);
    require(one.kind == "server" || one.kind == "image", "only servers and images", one.kind);
  }
  require(!facts.in_use.contains(""), "an image has an id");
}

/// A record that says the same.
std::string written(const stop_facts& facts) {
  std::string file = scratch_folder() + "/record";
  ::unlink(file.c_str());
  services::this_cloud cloud(facts.cloud.url, nullptr);
  cloud.identity.keystone_id = facts.cloud.keystone_id;
  auto record = services::stop_record::open(file, cloud);
  require(record.has_value(), "a record can be made");
  for (const auto& [key, one] : facts.changed) {
    former copy = one;
    copy.locked_by_us = false;
    const bool good = one.locked_by_us && one.kind == "server"
                          ? (*record)->locks(copy).has_value()
                          : (*record)->before(copy).has_value();
    require(good, "a line can be written", one.id);
  }
  for (const auto& id : facts.in_use) {
    former image;
    image.kind = "image";
    image.id = id;
    require((*record)->in_use(image, {}).has_value(), "a line can be written", id);
  }
  for (const auto& id : facts.swept) require((*record)->swept(id).has_value(), "a line is written");
  return file;
}

}  // namespace

extern "C" int fuzz_stop_record(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  auto facts = services::parse_stop_record(text, "record");
  if (!facts) {
    require(facts.error().code == errc::config, "what is no record is refused");
    return 0;
  }
  check_facts(*facts);
  // Only a server can be locked, and only an image be shared, whatever a line says.
  for (auto& [key, one] : facts->changed) {
    if (one.kind == "image") one.locked_by_us = false;
    if (one.kind == "server") one.members.clear();
  }
  const auto again = services::read_stop_record(written(*facts));
  require(again.has_value(), "a record that was written is one");
  check_same(*facts, *again);
  return 0;
}
