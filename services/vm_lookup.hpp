// From what a person typed (the id of an expiration, the id or the name of a server) to the rows of
// os-vm-expire that are meant. The service shows and extends anybody's row to who knows its id, so
// rows are looked for in the lists, which it does not mix up.
#pragma once

#include "services/vm_expiration.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostclean::services {

/// What an argument may be.
enum class vm_name { any, id, server, name };

/// "id", "server" or "name"; anything else is vm_name::any.
vm_name vm_name_from(std::string_view word);

/// Among whose rows.
class vm_scope {
 public:
  vm_scope() = default;
  bool everybody = false;  ///< the caller is an administrator: the rows of all projects
  bool insists = false;    ///< no falling back to the own project when that is forbidden
  std::string project_id;  ///< the own project: of others' rows none is taken
};

class vm_found {
 public:
  vm_found() = default;
  std::string argument;
  std::optional<vm_expiration> row;
  std::optional<error> why;  ///< set when row is not: errc::config, unknown or ambiguous
};

using vm_rows_by_server = std::map<std::string, std::vector<vm_expiration>>;

/// One list request for all the arguments, whatever their number. Two arguments that mean the same
/// row are one.
vm_answer<std::vector<vm_found>> find_expirations(vm_expirations& from, vm_scope among,
                                                  std::vector<std::string> arguments, vm_name what);

/// The rows of those servers, by the id of the server, whatever its name was when it was tracked:
/// all of them, where a server has several. With `among.everybody` no falling back to fewer.
vm_answer<vm_rows_by_server> rows_of_servers(vm_expirations& from, vm_scope among,
                                             std::vector<std::string> server_ids);

/// The id of the server that is meant, as Nova at `compute` ("https://host/v2.1") spells it to
/// `who`: an id first, then a name. errc::config when there is none, more than one, or one of a
/// project that is not `among`.
vm_answer<std::string> find_server(http::transport& who, std::string compute,
                                   std::string id_or_name, vm_scope among);

/// 8-4-4-4-12 hexadecimal digits, or 32 of them.
bool looks_like_uuid(std::string_view text);
/// At least 32 hexadecimal digits, as Keystone's ids have them, LDAP's longer ones too; or the
/// domain "default".
bool looks_like_id(std::string_view text);

}  // namespace ostclean::services
