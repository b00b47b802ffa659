#include "tests/cli/resting.hpp"

#include <sstream>

#include "tests/sandbox/client.hpp"

namespace cli {
namespace {

std::string made(sandbox::client& who, json::object server) {
  server["name"] = "borrowed";
  server["flavorRef"] = "1";
  server["networks"] = "none";
  const auto answer =
      who.post("/compute/v2.1/servers", json::object{{"server", std::move(server)}}).json();
  return text(answer.at("server"), "id");
}

}  // namespace

resting::resting(sandbox::options o) : site(sandbox::level::plain, std::move(o)) {
  it.settle();
  it.clear_requests();
}

std::string resting::borrow() {
  sandbox::client who(it, theirs.name, theirs.password, theirs.name);
  auto server = made(who, {{"imageRef", mine.shared_image}});
  it.settle();
  it.clear_requests();
  return server;
}

std::pair<std::string, std::string> resting::borrow_by_volume() {
  sandbox::client who(it, theirs.name, theirs.password, theirs.name);
  const json::object wanted{{"name", "borrowed"}, {"size", 1}, {"imageRef", mine.shared_image}};
  const auto volume = text(
      who.post("/volume/v3/" + theirs.project_id + "/volumes", json::object{{"volume", wanted}})
          .json()
          .at("volume"),
      "id");
  it.settle();
  const json::object disk{{"uuid", volume}, {"source_type", "volume"}, {"boot_index", 0}};
  const auto server = made(who, {{"block_device_mapping_v2", json::array{disk}}});
  it.settle();
  it.clear_requests();
  return {server, volume};
}

std::string resting::status(const std::string& server) const {
  return text(it.object("server", server), "status");
}

std::string resting::visibility(const std::string& image) const {
  return text(it.object("image", image), "visibility");
}

std::string resting::state() const {
  std::string all;
  for (const auto& server : mine.servers)
    all +=
        status(server) + (text(it.object("server", server), "locked") == "true" ? "+lock " : " ");
  for (const auto& image : {mine.private_image, mine.shared_image}) all += visibility(image) + " ";
  for (const auto& [key, body] : it.snapshot())
    if (key.starts_with("image_member/" + mine.shared_image))
      all += text(json::parse(body), "member_id") + ":" + text(json::parse(body), "status") + " ";
  return all;
}

ending resting::stop(words further) {
  words args{"stop", "--project", mine.name, "--record", record(), "--yes", "-f", "json"};
  args.insert(args.end(), further.begin(), further.end());
  return run(args);
}

ending resting::undo(words further) {
  words args{"stop", "--undo", record(), "--yes", "-f", "json"};
  args.insert(args.end(), further.begin(), further.end());
  return run(args);
}

std::vector<json::object> resting::events(const char* event) const {
  std::vector<json::object> all;
  std::istringstream lines(contents(record()));
  for (std::string line; std::getline(lines, line);) {
    auto one = json::parse(line).as_object();
    if (text(one, "event") == event) all.push_back(std::move(one));
  }
  return all;
}

std::string resting::credentials() const {
  const json::object line{{"user_id", mine.user_id},
                          {"user_name", mine.name},
                          {"domain_id", "default"},
                          {"project_id", mine.project_id},
                          {"password", mine.password}};
  return home.write("credentials.jsonl", json::serialize(line) + "\n");
}

}  // namespace cli
