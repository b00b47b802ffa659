// The letter that warns somebody: a template of the operator's, with the facts of the account in
// the place of {words}.
#pragma once

#include "core/mail/letter.hpp"
#include "services/accounts.hpp"

#include <string>
#include <string_view>

namespace ostclean::services {

/// What a template may name.
class warning_facts {
 public:
  warning_facts() = default;
  std::string name, user_id, email, project, project_id, role;
  std::string expires;  ///< YYYY-MM-DD
  int days = 0;         ///< until then
  int grace_days = 0;   ///< from then until the deletion
  std::string what;     ///< what is going to be deleted
};
static_assert(!std::is_aggregate_v<warning_facts>);

class warning_template {
 public:
  /// Headers (Subject, and if wanted From and Reply-To), an empty line, the text. {name},
  /// {user_id}, {email}, {project}, {project_id}, {role}, {expires}, {days}, {grace_days} and
  /// {what} are filled in; "{{" is a brace. errc::config names file and line.
  static result<warning_template> parse(std::string_view text, const std::string& name);
  /// `file` empty: a plain English one.
  static result<warning_template> load(const std::string& file);

  bool names(std::string_view word) const;
  mail::letter fill(const warning_facts& facts) const;

 private:
  warning_template() = default;
  std::string subject_, from_, reply_to_, body_;
};

}  // namespace ostclean::services
