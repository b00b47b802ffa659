// The real program against a cloud in this process: a rule of safety is proved by what the cloud
// holds afterwards and by what it was asked, never by what the program says of itself.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/cli/child.hpp"
#include "tests/sandbox/cloud.hpp"

namespace cli {

sandbox::options two_regions();       ///< that share their endpoints
sandbox::options distinct_regions();  ///< each with objects of its own

/// A cloud with an expired trial user and a neighbour, and a home of its own for the program.
class site {
 public:
  explicit site(sandbox::level how_much = sandbox::level::plain,
                sandbox::options o = sandbox::options());
  site(const site&) = delete;
  site& operator=(const site&) = delete;
  /// Complains about each fault that no request met: the case did not try what it says.
  ~site();

  /// Starts the program as `who` of clouds.yaml. clouds.yaml is written anew before each start.
  process start(const words& args, const manner& how = manner());
  ending run(const words& args, const manner& how = manner());
  /// Starts it, kills it once a request has met a fault, and takes the faults away. Complains when
  /// it ended otherwise: what follows would then be told of a run that nobody killed.
  void kill_at_fault(const words& args, const manner& how = manner());
  /// What start() runs, and the settings it runs with; clouds.yaml is there then.
  words command(const words& args) const;
  words variables(const manner& how) const;
  words removal(const words& further = {}) const;  ///< delete --project trial-01 --yes -f json ...
  ending remove(words further = {});               ///< runs that, and is told all
  ending remove_as_user();                         ///< delete --auth-project, by the user itself
  std::string plan(const words& further = {});     ///< delete --project trial-01 --plan; the file
  std::string trust_for(const std::string& trustee);  ///< of all the user's roles; its id
  /// Of the user, for its own project; its id.
  std::string application_credential(const std::string& secret);
  /// Every journal, log and report below the home, as one text.
  std::string left_behind() const;

  /// Everything that neither `mine` nor its user owns.
  std::map<std::string, std::string> of_others() const;
  /// Complains about each object of others that came, went or changed since `before`.
  void check_others(const std::map<std::string, std::string>& before) const;
  /// What the project still owns, without what every project has.
  std::map<std::string, words> rest() const;
  void check_empty() const;

  std::string id_of(const std::string& kind, const std::string& name) const;
  std::set<std::string> assignments() const;

  /// Requests that match; empty strings match everything.
  std::size_t count(const std::string& method, const std::string& service = {},
                    const std::string& path = {}) const;
  /// "METHOD path" of all that was sent beyond reads and the login.
  words changes() const;
  bool wait_until(const std::function<bool()>& what) const;  ///< half a minute at most
  void fail(const std::string& service, const std::string& method, const std::string& path,
            int status, const std::string& body = {});
  void fault(const std::string& action, const std::string& service, const std::string& method,
             const std::string& path, std::uint64_t nth = 0);

  folder home;
  sandbox::cloud it;
  sandbox::seeded mine, theirs;
  std::string who = "admin";
  std::map<std::string, std::string> environment;  ///< of every run, before a manner's own

 private:
  int runs_ = 0;
};

/// OSTCLEAN_SWEEP_SEED, or one that nobody chose; it is printed.
std::uint64_t sweep_seed();
/// Complains about each object that came, went or changed.
void check_same(const std::map<std::string, std::string>& before,
                const std::map<std::string, std::string>& after);
/// 1 line, and it names the trouble.
void check_one_error(const ending& e, const std::string& names);
/// The member of each object of an array.
words texts(const json::value& list, const char* member);
/// A member that is a string or a number, as text; empty when there is none.
std::string text(const json::value& of, const char* member);

}  // namespace cli
