// Makes the body of an error response from what its API document says of it: a value that is valid
// by the schema and tells the truth about the maintenance wherever a member has a name or a format
// that asks for it.
//
//   BodyMaker maker(files, SchemaDialect::kOpenApi31, facts);
//   if (maker.make(schema, {example})) send(maker.json());
//
// A value comes, in this order, from `const`, from the fact that the member's name asks for (of an
// `enum` the word that says it best), from the example, from `default`, and else from the limits.
// What is not required is said only where it tells something. The result has been held against the
// schema.
#pragma once

#include <rapidjson/document.h>

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contract/facts.h"
#include "contract/field_words.h"
#include "openapi/api_files.h"
#include "openapi/api_promise.h"
#include "openapi/id_limits.h"
#include "openapi/schema_check.h"
#include "openapi/schema_view.h"

namespace intermission::openapi {

/// What a body is made after, beside the schema.
struct BodyModel {
  ApiNode example;  // absent: none
  /// Whether the example was written for maintenance: its codes and titles are meant then.
  bool is_about_maintenance = false;
  /// Whether it was written for an error of the client: what it says in words is of no use then.
  bool is_of_client_error = false;
  /// Whether the body is a problem detail (RFC 9457) by its media type.
  bool is_problem = false;
  /// Whether a message that no declared member has room for may stand in one that the schema does
  /// not speak of, and does not forbid. Readers of JSON pass over members that they do not know.
  bool may_add_message = false;
};

/// A text as an example of JSON or XML is markup, and no model.
BodyModel model_of(const PromisedForm& form);

/// For one thread, and for one body after the other. The facts outlive it.
class BodyMaker {
 public:
  BodyMaker(const ApiFiles& files, SchemaDialect dialect, const contract::Facts& facts);

  /// False where no valid body was found; problem() says why. An absent schema allows everything.
  bool make(ApiNode schema, const BodyModel& model);

  /// Of the last body that was made. Slots are as the facts say.
  const rapidjson::Value& value() const { return body_; }
  std::string json() const;
  const std::string& problem() const { return problem_; }
  /// Whether anything in it speaks of the maintenance.
  bool says_something() const { return contents_.facts > 0; }
  /// Whether the operator's message is in it.
  bool says_message() const { return contents_.messages > 0; }
  /// Whether something in it can only be of another error, such as a fixed status 404.
  bool tells_of_another_error() const { return contents_.blames > 0; }
  /// The best of the statuses and codes that the schema fixes in it: 3 for 503 and its words, 2 for
  /// 500, 1 for another failure of the service, 0 for none.
  int fixed() const { return contents_.fixed; }

  /// What was demanded of the ids in all that was made.
  const IdLimits& ids() const { return contents_.ids; }

  /// Required members of the last body whose schemas do not allow what is true, by name.
  const std::vector<std::string>& untrue() const { return contents_.untrue; }

  /// Members of the last body that have no room for the whole message, by name.
  const std::vector<std::string>& cut() const { return contents_.cut; }

  /// Patterns of what was made so far that are not understood. No text can be made by them.
  const std::set<std::string>& unknown_patterns() const { return check_.unknown_patterns(); }

  /// A text for a header or a plain body, valid by its schema; nothing if none was found.
  std::optional<std::string> text(ApiNode schema, std::string_view name);

  /// Schemas looked into for one body; more would be a bomb.
  static constexpr std::size_t kMostSteps = 5'000;

 private:
  /// A value that is wanted: all that is known of it.
  struct Wanted {
    SchemaView schema;
    std::string_view name = {};
    const rapidjson::Value* model = nullptr;
    std::optional<std::string> must_be = {};  // of a discriminator
    bool has_message_beside = false;
    bool is_problem_beside = false;  // it is a member of a problem detail
    bool is_shown = false;           // the model is of the example of the whole body
    bool required = true;
    bool is_generous = false;  // of an object: optional members are made too
  };
  using Made = std::optional<rapidjson::Value>;

  /// What has been said so far. An attempt that is given up takes back what it said.
  struct Contents {
    std::size_t messages = 0;
    std::size_t facts = 0;
    std::size_t words = 0;   // fixed by the schema, and true
    std::size_t blames = 0;  // of another error
    int fixed = 0;
    IdLimits ids = {};
    std::vector<std::string> untrue = {};
    std::vector<std::string> cut = {};
  };
  template <typename Make>
  Made attempt(Make make) {
    Contents before = contents_;
    Made made = make();
    if (!made) contents_ = std::move(before);
    return made;
  }

  /// Where the message is put: the later is tried where the earlier has no place for it.
  enum class Reach : std::uint8_t {
    kNamed,    // members whose names ask for it
    kTitles,   // titles, labels, values, and maps of errors
    kAnyText,  // a required text of any name
    kBeside    // a member that the schema does not speak of
  };
  void begin();
  std::string why_nothing() const;
  Made make_whole(const Wanted& wanted);
  Made try_with(const Wanted& wanted, Reach reach);
  contract::FieldFact fact_of(const Wanted& wanted) const;
  Made make_value(const Wanted& wanted);
  Made make_here(const Wanted& wanted);
  Made make_choice(const Wanted& wanted, ApiNode choice);
  static bool is_better(const Contents& told, const Contents& best, const Contents& before);
  Made make_of_type(const Wanted& wanted);
  Made make_object(const Wanted& wanted);
  Made make_member(const Wanted& wanted, bool required);
  Made make_free_object(const Wanted& wanted);
  Made make_message_map(const Wanted& wanted);
  void add_message_beside(const Wanted& wanted, rapidjson::Value& object);
  bool add_if_told(const Wanted& wanted, std::string_view name, const Wanted& member,
                   rapidjson::Value& object);
  Made make_conditional(const Wanted& wanted, int decisions);
  void add_model_members(const Wanted& wanted, rapidjson::Value& object);
  Made make_list(const Wanted& wanted);

  // body_scalars.cc
  Made make_fixed(const Wanted& wanted);
  void judge_fixed(const Wanted& wanted, const rapidjson::Value& made);
  Made make_from_model(const Wanted& wanted);
  bool is_of_another_error(const Wanted& wanted) const;
  Made make_scalar(const Wanted& wanted, std::uint8_t types);
  Made make_instead(const Wanted& wanted, contract::FieldFact fact);
  Made make_fact(const Wanted& wanted, std::uint8_t types);
  Made make_text_fact(const Wanted& wanted, contract::FieldFact fact);
  Made make_message(const Wanted& wanted);
  static bool is_in_milliseconds(const Wanted& wanted);
  Made make_number_fact(const Wanted& wanted, contract::FieldFact fact);
  Made make_path(const Wanted& wanted);
  Made make_problem_type(const Wanted& wanted);
  Made make_id(const Wanted& wanted, IdLimits::Kind kind);
  Made make_from_enum(const Wanted& wanted);
  Made make_text(const Wanted& wanted);
  Made make_bound(const Wanted& wanted);
  Made make_number(const Wanted& wanted);
  bool is_place_looked_for(const Wanted& wanted) const;
  bool is_short_of_room(const Wanted& wanted) const;
  Made fitting_text(const Wanted& wanted, std::string_view text);
  std::string code_for(const Wanted& wanted) const;
  bool may_say(contract::FieldFact fact) const;
  bool is_untrue(const Wanted& wanted, const rapidjson::Value& made, const Contents& before) const;
  bool trusts(const Wanted& wanted) const;
  bool is_of_a_plan(const rapidjson::Value& said) const;

  /// What the names of an object's members tell of each other.
  struct Beside {
    bool message = false;
    bool problem = false;
  };
  static Beside beside_in(const std::vector<SchemaView::Property>& properties);
  Wanted wanted_property(const Wanted& object, const SchemaView::Property& property,
                         const Beside& beside);
  bool fits(const SchemaView& schema, const rapidjson::Value& value);
  rapidjson::Value text_value(std::string_view text);
  Made keep_if_fits(const Wanted& wanted, rapidjson::Value value);

  const ApiFiles& files_;
  SchemaDialect dialect_;
  const contract::Facts& facts_;
  rapidjson::Document pool_;
  SchemaCheck check_;
  rapidjson::Value body_;
  std::string problem_;
  std::string missing_;  // the required member that nothing was found for first
  bool trusts_model_ = false;
  bool doubts_model_ = false;  // the example is of a client's error
  bool may_add_message_ = false;
  bool is_text_ = false;  // a text is wanted: neither an object, nor a list, nor null
  Reach reach_ = Reach::kNamed;
  Contents contents_;
  std::size_t steps_ = 0;
  int depth_ = 0;
  std::vector<const rapidjson::Value*> inside_;  // the schemas around the one that is made
};

}  // namespace intermission::openapi
