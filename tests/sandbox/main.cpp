// The sandbox as a program: shell tests and the quickstart start it, use it through clouds.yaml and
// stop it with SIGTERM.
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/program_options.hpp>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <iostream>

#include "tests/sandbox/cloud.hpp"
#include "tests/sandbox/seed.hpp"

namespace po = boost::program_options;

namespace {

constexpr const char* control_help = R"(
Control address, without a token: the URL that is printed, then
  PUT  /_sandbox/faults          what goes wrong: a list of {"service", "method", "path", "nth",
                                 "action"}, each of which may be left out; [] ends it. Actions:
                                 status (with "status", "headers", "body"), delay ("seconds"),
                                 reset, refused, hang, lost, truncate, overlong, underlong,
                                 endless, dribble, garbage, not_http, headers, ignore_filter,
                                 inject ("object"), fail_async
  GET  /_sandbox/requests        every request as it was answered; DELETE forgets them
  GET  /_sandbox/inventory?owner=PROJECT_ID
  PUT  /_sandbox/delay           {"seconds": S} for every asynchronous operation, -1 as before
  POST /_sandbox/settle          finishes all of them; /_sandbox/expire-tokens ends all tokens
  POST /_sandbox/seed            {"spec": "NAME[,...]"} as --seed; /_sandbox/stop ends the sandbox
)";

void write_file(const std::filesystem::path& path, const std::string& data) {
  std::filesystem::remove(path);
  const int fd = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0) throw std::runtime_error("cannot write " + path.string());
  const auto n = ::write(fd, data.data(), data.size());
  ::close(fd);
  if (n != static_cast<ssize_t>(data.size()))
    throw std::runtime_error("cannot write " + path.string());
}

po::options_description describe() {
  po::options_description d("ostclean-sandbox --serve [options]: an OpenStack in one process");
  d.add_options()("help", "this text")("serve", "listen on 127.0.0.1 until SIGTERM")(
      "port", po::value<std::uint16_t>()->default_value(0), "0 takes any free port")(
      "dir", po::value<std::string>()->default_value("."),
      "where clouds.yaml, ca.pem, url, pid and seeded.json are written")(
      "seed", po::value<std::vector<std::string>>()->composing(),
      "NAME[,role=R,started=DATE,duration=DAYS,email=E,level=plain|extra|rare]; repeatable")(
      "release", po::value<std::string>()->default_value("zed"), "zed or epoxy (2025.1)")(
      "region", po::value<std::vector<std::string>>()->composing(), "repeatable")(
      "distinct-regions", "each further region has a state of its own")(
      "service", po::value<std::vector<std::string>>()->composing(),
      "offer only these path prefixes")("no-bulk-delete", "Swift without its bulk middleware")(
      "token-life", po::value<int>()->default_value(3600), "seconds")(
      "max-seconds", po::value<int>()->default_value(3600), "ends by itself after this long");
  return d;
}

sandbox::release release_from(const std::string& name) {
  if (name == "zed") return sandbox::release::zed;
  if (name == "epoxy") return sandbox::release::epoxy;
  throw std::runtime_error("--release: '" + name + "' is neither zed nor epoxy");
}

sandbox::options options_from(const po::variables_map& m) {
  sandbox::options o;
  o.port = m["port"].as<std::uint16_t>();
  o.is = release_from(m["release"].as<std::string>());
  if (m.count("region")) o.regions = m["region"].as<std::vector<std::string>>();
  if (m.count("service")) o.services = m["service"].as<std::vector<std::string>>();
  o.distinct_regions = m.count("distinct-regions") != 0;
  o.bulk_delete = m.count("no-bulk-delete") == 0;
  o.token_life = std::chrono::seconds(m["token-life"].as<int>());
  return o;
}

void publish(const sandbox::cloud& c, const std::filesystem::path& dir,
             const sandbox::json::object& seeds) {
  const auto ca = std::filesystem::absolute(dir) / "ca.pem";
  write_file(ca, c.ca_pem());
  write_file(dir / "seeded.json", sandbox::json::serialize(seeds));
  write_file(dir / "url", c.url() + "\n");
  write_file(dir / "pid", std::to_string(::getpid()) + "\n");
  write_file(dir / "clouds.yaml", c.clouds_yaml(ca.string()));  // last: whoever waits, waits for it
  std::cout << c.clouds_yaml(ca.string()) << std::flush;
}

int serve(const po::variables_map& m) {
  sigset_t ending;
  sigemptyset(&ending);
  for (const int s : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&ending, s);
  sigprocmask(SIG_BLOCK, &ending, nullptr);  // before any thread, so that all of them inherit it
  signal(SIGPIPE, SIG_IGN);
  sandbox::cloud c(options_from(m));
  c.on_stop([] { ::kill(::getpid(), SIGTERM); });
  sandbox::json::object seeds;
  if (m.count("seed"))
    for (const auto& spec : m["seed"].as<std::vector<std::string>>()) {
      const sandbox::trial t = sandbox::parse_trial(spec);
      const sandbox::seeded s = t.role.empty() ? c.seed_project(t.name, t.how_much)
                                               : c.seed_trial_user(t.name, t.role, t.started,
                                                                   t.duration, t.email, t.how_much);
      seeds[s.name] = sandbox::to_json(s);
    }
  const std::filesystem::path dir = m["dir"].as<std::string>();
  std::filesystem::create_directories(dir);
  publish(c, dir, seeds);
  timespec limit{m["max-seconds"].as<int>(), 0};
  sigtimedwait(&ending, nullptr, &limit);
  return 0;
}

}  // namespace

int main(int argc, char** argv) try {
  const auto description = describe();
  po::variables_map m;
  po::store(po::command_line_parser(argc, argv).options(description).run(), m);
  po::notify(m);
  if (m.count("help") || !m.count("serve")) {
    std::cout << description << control_help;
    return m.count("help") ? 0 : 2;
  }
  return serve(m);
} catch (const std::exception& e) {
  std::cerr << "ostclean-sandbox: " << e.what() << "\n";
  return 2;
}
