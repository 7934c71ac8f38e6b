// The values of a body that hold no others: texts, numbers, flags. See body_maker.h.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "contract/error_words.h"
#include "contract/fault_words.h"
#include "http/date.h"
#include "openapi/body_maker.h"
#include "openapi/body_slots.h"
#include "openapi/schema_pattern.h"

namespace intermission::openapi {
namespace {

constexpr std::string_view kPhrase = "Service Unavailable";
constexpr std::string_view kBlankType = "about:blank";  // RFC 9457 §4.2.1
constexpr std::size_t kLongest = 10'000;                // of a text that only has to be long

std::string first_characters(std::string_view text, std::size_t count) {
  std::string out;
  while (count-- > 0 && !text.empty()) {
    const std::size_t size = std::max<std::size_t>(base::utf8_size(text), 1);
    out += text.substr(0, size);
    text.remove_prefix(size);
  }
  return out;
}

// A text of a format that says as little as can be.
std::string_view plain_text_of(std::string_view format) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kTexts = {{
      {"date", "1970-01-01"},
      {"time", "00:00:00Z"},
      {"duration", "PT0S"},
      {"uuid", "00000000-0000-0000-0000-000000000000"},
      {"uri", "about:blank"},
      {"url", "about:blank"},
      {"iri", "about:blank"},
      {"email", "nobody@example.com"},
      {"idn-email", "nobody@example.com"},
      {"hostname", "example.com"},
      {"idn-hostname", "example.com"},
      {"ipv4", "0.0.0.0"},
      {"ipv6", "::"},
      {"regex", ".*"},
  }};
  for (const auto& [name, text] : kTexts) {
    if (name == format) return text;
  }
  return {};
}

// What stands for a message that has no room, or that a pattern does not allow.
constexpr std::array<std::string_view, 4> kPhrases = {kPhrase, "Unavailable", "unavailable",
                                                      "Down"};

bool is_phrase_for(std::string_view text, std::string_view message) {
  return text != message && std::find(kPhrases.begin(), kPhrases.end(), text) != kPhrases.end();
}

// Without the characters that patterns of texts seldom allow: letters, digits and single spaces.
std::string in_plain_characters(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_kept = base::is_alpha(c) || base::is_digit(c);
    if (is_kept) out += c;
    if (!is_kept && !out.empty() && out.back() != ' ') out += ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

std::size_t least_length(const SchemaView& schema) {
  return static_cast<std::size_t>(
      std::clamp(schema.greatest("minLength").value_or(0), 0.0, double{kLongest}));
}

rapidjson::Value number_value(double number) {
  const bool is_whole = std::floor(number) == number && std::abs(number) < 9e15;
  return is_whole ? rapidjson::Value(static_cast<std::int64_t>(number)) : rapidjson::Value(number);
}

bool is_text(const rapidjson::Value* model) {
  return model != nullptr && model->IsString();
}

// What a flag of that name says now.
std::optional<bool> flag_for(contract::FieldFact fact) {
  if (fact == contract::FieldFact::kTemporary || fact == contract::FieldFact::kErrorWord)
    return true;
  if (fact == contract::FieldFact::kSuccess || fact == contract::FieldFact::kStatus) return false;
  return {};
}

// What is another in each answer.
bool is_of_the_answer(contract::FieldFact fact) {
  switch (fact) {
    case contract::FieldFact::kSeconds:
    case contract::FieldFact::kMillis:
    case contract::FieldFact::kNow:
    case contract::FieldFact::kSince:
    case contract::FieldFact::kUntil:
      return true;
    default:
      return false;
  }
}

bool names_request(contract::FieldFact fact) {
  return fact == contract::FieldFact::kPath || fact == contract::FieldFact::kRequestId ||
         fact == contract::FieldFact::kTraceId;
}

std::optional<bool> flag_in(const rapidjson::Value& value) {
  if (value.IsBool()) return value.GetBool();
  if (base::iequals(text_of(value), "true")) return true;
  if (base::iequals(text_of(value), "false")) return false;
  return {};
}

// Types of problems are often the section of the standard that defines the status.
int fitness_of_section(std::string_view uri) {
  const auto names = [&](std::string_view part) {
    return uri.find(part) != std::string_view::npos;
  };
  if (names("rfc7231#section-6.6.4") || names("rfc9110#section-15.6.4")) return 9;
  if (names("rfc7231#section-6.6") || names("rfc9110#section-15.6")) return 4;
  const bool is_of_client = names("rfc7231#section-6.5") || names("rfc9110#section-15.5") ||
                            names("rfc7235#section-3") || names("rfc4918#section-11");
  return is_of_client ? contract::kBlamesClient : 0;
}

// How well a value that the schema fixes says what a member of that name is to say: less than 0 if
// it says the contrary.
int fitness_of_value(contract::FieldFact fact, const rapidjson::Value& value) {
  if (const auto flag = flag_for(fact)) {
    if (const auto said = flag_in(value)) return *flag == *said ? 1 : contract::kBlamesClient;
  }
  if (value.IsNumber()) {
    if (fact != contract::FieldFact::kStatus && fact != contract::FieldFact::kCode &&
        fact != contract::FieldFact::kErrorWord) {
      return 0;
    }
    const long number = std::lround(std::clamp(value.GetDouble(), -1e9, 1e9));
    if (fact == contract::FieldFact::kStatus && number >= 100 && number < 500)
      return contract::kBlamesClient;
    return contract::fitness_of_number(number);
  }
  const std::string_view text = text_of(value);
  if (fact == contract::FieldFact::kType) {
    if (text == "about:blank") return 1;
    if (const int fitness = fitness_of_section(text); fitness != 0) return fitness;
  }
  return contract::fitness_of_word(text);
}

// Whether a fixed text in a member of that name tells of an error: what has no name of that kind
// may hold "user" or "limit" for another reason.
bool names_error(std::string_view name) {
  constexpr std::array<std::string_view, 14> kWords = {
      "error", "err",  "fault", "code",    "category", "reason", "kind",
      "name",  "type", "cause", "problem", "label",    "class",  "exception"};
  const auto words = contract::words_of(name);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
  });
}

// Facts whose words an API may list as an enum.
bool is_of_the_error(contract::FieldFact fact) {
  switch (fact) {
    case contract::FieldFact::kMessage:
    case contract::FieldFact::kTitle:
    case contract::FieldFact::kStatus:
    case contract::FieldFact::kCode:
    case contract::FieldFact::kType:
    case contract::FieldFact::kErrorWord:
    case contract::FieldFact::kSuccess:
    case contract::FieldFact::kTemporary:
      return true;
    default:
      return false;
  }
}

// Ids are long, without spaces, and hold digits.
bool looks_like_id(std::string_view text) {
  constexpr std::size_t kShortest = 16;
  constexpr std::ptrdiff_t kFewDigits = 4;
  return text.size() >= kShortest && text.find_first_of(" /:") == std::string_view::npos &&
         std::count_if(text.begin(), text.end(), base::is_digit) >= kFewDigits;
}

}  // namespace

rapidjson::Value BodyMaker::text_value(std::string_view text) {
  return rapidjson::Value(text.data(), static_cast<rapidjson::SizeType>(text.size()),
                          pool_.GetAllocator());
}

// Whether a true value is known for it here. "about:blank" is not worth an optional member; a type
// that the operator chose is.
bool BodyMaker::may_say(contract::FieldFact fact) const {
  switch (fact) {
    case contract::FieldFact::kNone:
    case contract::FieldFact::kLanguage:
      return false;
    case contract::FieldFact::kType:
      return facts_.problem_type != kBlankType;
    case contract::FieldFact::kSince:
      return facts_.since.has_value();
    case contract::FieldFact::kUntil:
      return facts_.until.has_value();
    case contract::FieldFact::kNow:
      return !facts_.now.empty();
    case contract::FieldFact::kPath:
      return !facts_.path.empty();
    case contract::FieldFact::kRequestId:
      return !facts_.request_id.empty();
    case contract::FieldFact::kTraceId:
      return !facts_.trace_id.empty();
    default:
      return true;
  }
}

// Whether that text would call an outage a maintenance.
bool BodyMaker::is_of_a_plan(const rapidjson::Value& said) const {
  return facts_.is_outage && contract::speaks_of_maintenance(text_of(said));
}

// Whether the example says what is to be said, as its author knows what it is for.
bool BodyMaker::trusts(const Wanted& wanted) const {
  return trusts_model_ && wanted.model != nullptr && !is_of_a_plan(*wanted.model);
}

// Whether a member whose name asks for a fact holds something else: another's id, a moment that
// never was, a wait that is too short. `before` are the contents before it was made.
bool BodyMaker::is_untrue(const Wanted& wanted, const rapidjson::Value& made,
                          const Contents& before) const {
  return contract::fact_of_field(wanted.name) != contract::FieldFact::kNone && !made.IsObject() &&
         !made.IsArray() && !trusts(wanted) && contents_.facts == before.facts &&
         contents_.words == before.words;
}

BodyMaker::Made BodyMaker::make_fixed(const Wanted& wanted) {
  if (wanted.must_be && wanted.schema.open_choices().empty() &&
      !wanted.schema.first("properties")) {
    if (auto made = keep_if_fits(wanted, text_value(*wanted.must_be))) {
      ++contents_.words;
      if (!trusts(wanted) && contract::fitness_of_word(*wanted.must_be) < 0) ++contents_.blames;
      return made;
    }
  }
  const ApiNode only = wanted.schema.first("const");
  Made made = only ? keep_if_fits(wanted, rapidjson::Value(*only.value, pool_.GetAllocator()))
                   : make_from_enum(wanted);
  if (made) judge_fixed(wanted, *made);
  return made;
}

// Counts what a value that the schema fixes says.
void BodyMaker::judge_fixed(const Wanted& wanted, const rapidjson::Value& made) {
  const contract::FieldFact fact = contract::fact_of_field(wanted.name);
  if (is_of_the_answer(fact) || names_request(fact)) return;
  const int fitness = fitness_of_value(fact, made);
  const bool is_judged = is_of_the_error(fact) || (made.IsString() && names_error(wanted.name));
  if (trusts(wanted) || !is_judged) {
    ++contents_.words;
  } else if (fitness > 0) {
    ++contents_.words;
    const int fixed = fitness >= 8 ? 3 : fitness == 4 ? 2 : made.IsBool() ? 0 : 1;
    contents_.fixed = std::max(contents_.fixed, fixed);
  } else if (fitness < 0) {
    ++contents_.blames;
  }
}

// Of the values that an API lists, the one that says best what is going on.
BodyMaker::Made BodyMaker::make_from_enum(const Wanted& wanted) {
  const ApiNode several = wanted.schema.first("enum");
  if (!several || !several.value->IsArray()) return {};
  const rapidjson::Value* best = nullptr;
  int best_fitness = 0;
  for (const auto& value : several.value->GetArray()) {
    if (value.IsNull() || !fits(wanted.schema, value)) continue;
    int fitness = fitness_of_value(contract::fact_of_field(wanted.name), value);
    // Better than blaming the client, where the API has no other word.
    if (is_of_a_plan(value)) fitness = std::min(fitness, 1);
    const bool is_meant = wanted.model != nullptr && *wanted.model == value;
    if (is_meant) fitness = trusts(wanted) ? 100 : fitness + (fitness >= 0 ? 1 : 0);
    if (best != nullptr && fitness <= best_fitness) continue;
    best = &value;
    best_fitness = fitness;
  }
  if (best == nullptr) return {};
  return rapidjson::Value(*best, pool_.GetAllocator());
}

BodyMaker::Made BodyMaker::make_scalar(const Wanted& wanted, std::uint8_t types) {
  if (auto made = attempt([&] { return make_fact(wanted, types); })) return made;
  const contract::FieldFact fact = contract::fact_of_field(wanted.name);
  if (fact != contract::FieldFact::kNone && !trusts(wanted)) {
    if (auto made = make_instead(wanted, fact)) return made;
  }
  if (is_of_another_error(wanted)) {
    if (!wanted.required) return {};
    auto code = keep_if_fits(wanted, text_value(code_for(wanted)));
    if (code && !looks_like_id(text_of(*wanted.model))) return code;
  } else if (auto made = make_from_model(wanted)) {
    return made;
  }
  if (const ApiNode standard = wanted.schema.first("default")) {
    if (fits(wanted.schema, *standard.value)) {
      return rapidjson::Value(*standard.value, pool_.GetAllocator());
    }
  }
  if ((types & kStringType) != 0) {
    if (auto made = make_text(wanted)) return made;
  }
  if ((types & (kNumberType | kIntegerType)) != 0) {
    if (auto made = make_number(wanted)) return made;
  }
  if ((types & kBooleanType) != 0) {
    for (const bool flag : {false, true}) {
      if (auto made = keep_if_fits(wanted, rapidjson::Value(flag))) return made;
    }
  }
  return {};
}

BodyMaker::Made BodyMaker::make_from_model(const Wanted& wanted) {
  const bool is_foreign = names_request(contract::fact_of_field(wanted.name)) && !trusts(wanted);
  if (wanted.model == nullptr || is_foreign || wanted.model->IsObject() ||
      wanted.model->IsArray() || !fits(wanted.schema, *wanted.model)) {
    return {};
  }
  return rapidjson::Value(*wanted.model, pool_.GetAllocator());
}

// Whether the text of an example is of the error that the example shows: the words of a client's
// error, and ids.
bool BodyMaker::is_of_another_error(const Wanted& wanted) const {
  if (!is_text(wanted.model)) return false;
  if (is_of_a_plan(*wanted.model)) return true;
  const std::string_view text = text_of(*wanted.model);
  if (text.empty() || trusts_model_) return false;
  return (doubts_model_ && wanted.is_shown) || contract::fitness_of_word(text) < 0 ||
         looks_like_id(text);
}

// What stands for a fact that may not be said: nothing, or the longest wait that may be.
BodyMaker::Made BodyMaker::make_instead(const Wanted& wanted, contract::FieldFact fact) {
  if (wanted.schema.may_be_null() && !is_text_) {
    if (auto made = keep_if_fits(wanted, rapidjson::Value())) return made;
  }
  const auto most = wanted.schema.least("maximum");
  if (!most || (fact != contract::FieldFact::kSeconds && fact != contract::FieldFact::kMillis))
    return {};
  return keep_if_fits(wanted, number_value(*most));
}

// What a value wants to hear: by its name, and where nothing else tells the message, by what room
// it has.
contract::FieldFact BodyMaker::fact_of(const Wanted& wanted) const {
  using contract::FieldFact;
  // A body that is one text, whatever it is called.
  if (wanted.name.empty()) return FieldFact::kMessage;
  const FieldFact fact = contract::fact_of_field(wanted.name);
  if (reach_ == Reach::kNamed || contents_.messages > 0 || fact == FieldFact::kMessage) return fact;
  if (fact == FieldFact::kTitle) return FieldFact::kMessage;
  if (fact != FieldFact::kNone) return fact;
  if (contract::may_hold_message(wanted.name)) return FieldFact::kMessage;
  const bool is_free = wanted.required && !contract::names_something_else(wanted.name) &&
                       !wanted.schema.first("format") && !wanted.schema.first("pattern") &&
                       (wanted.schema.types() & ~kNullType) == kStringType;
  return reach_ == Reach::kAnyText && is_free ? FieldFact::kMessage : fact;
}

BodyMaker::Made BodyMaker::make_fact(const Wanted& wanted, std::uint8_t types) {
  const contract::FieldFact fact = fact_of(wanted);
  if (fact == contract::FieldFact::kNone) return {};
  if (trusts(wanted) &&
      (fact == contract::FieldFact::kCode || fact == contract::FieldFact::kTitle ||
       fact == contract::FieldFact::kType || fact == contract::FieldFact::kErrorWord ||
       fact == contract::FieldFact::kStatus)) {
    return {};
  }
  const bool is_text_only = (types & (kNumberType | kIntegerType)) == 0;
  const bool wants_number = !is_text_only && !is_text(wanted.model);
  Made made;
  const bool is_flag =
      fact == contract::FieldFact::kSuccess || fact == contract::FieldFact::kTemporary;
  if (const auto flag = flag_for(fact); flag && (is_flag || types == kBooleanType)) {
    if ((types & kBooleanType) != 0) made = rapidjson::Value(*flag);
  } else if (wants_number) {
    made = make_number_fact(wanted, fact);
  }
  if (!made && (types & kStringType) != 0) made = make_text_fact(wanted, fact);
  if (!made || !fits(wanted.schema, *made)) return {};
  ++contents_.facts;
  const bool is_message =
      fact == contract::FieldFact::kMessage ||
      (fact == contract::FieldFact::kErrorWord && !wanted.has_message_beside && made->IsString());
  // A short phrase in its place leaves the message to others.
  const bool is_phrase = made->IsString() && is_phrase_for(text_of(*made), facts_.message);
  if (is_message && !is_phrase && !is_short_of_room(wanted)) ++contents_.messages;
  return made;
}

// Of a moment as a number: what the name, the example or the bounds say of its unit. A number of
// seconds this large lies beyond the year 5000.
bool BodyMaker::is_in_milliseconds(const Wanted& wanted) {
  constexpr double kBeyondSeconds = 1e11;
  if (wanted.model != nullptr && wanted.model->IsNumber()) {
    return wanted.model->GetDouble() >= kBeyondSeconds;
  }
  return contract::names_milliseconds(wanted.name) ||
         wanted.schema.greatest("minimum") >= kBeyondSeconds;
}

BodyMaker::Made BodyMaker::make_number_fact(const Wanted& wanted, contract::FieldFact fact) {
  switch (fact) {
    case contract::FieldFact::kStatus:
    case contract::FieldFact::kCode:
      return rapidjson::Value(503);
    case contract::FieldFact::kSeconds:
      return slot_value(Slot::kSeconds);
    case contract::FieldFact::kMillis:
      return slot_value(Slot::kMillis);
    case contract::FieldFact::kNow:
      if (facts_.now_seconds.empty()) return {};
      return slot_value(is_in_milliseconds(wanted) ? Slot::kNowMillis : Slot::kNowSeconds);
    default:
      return {};
  }
}

std::string BodyMaker::code_for(const Wanted& wanted) const {
  if (is_text(wanted.model)) return contract::code_spelled_like(text_of(*wanted.model));
  return contract::code_spelled_like("A_B");
}

BodyMaker::Made BodyMaker::make_text_fact(const Wanted& wanted, contract::FieldFact fact) {
  switch (fact) {
    case contract::FieldFact::kMessage:
      return make_message(wanted);
    case contract::FieldFact::kTitle:
      return text_value(kPhrase);
    case contract::FieldFact::kStatus:
      // "503", unless the example speaks in words.
      if (is_text(wanted.model)) return text_value(code_for(wanted));
      return text_value("503");
    case contract::FieldFact::kCode:
      return text_value(code_for(wanted));
    case contract::FieldFact::kType:
      return make_problem_type(wanted);
    case contract::FieldFact::kErrorWord:
      if (!wanted.has_message_beside) return make_message(wanted);
      return text_value(is_text(wanted.model) ? std::string_view(code_for(wanted)) : kPhrase);
    case contract::FieldFact::kService:
      return text_value(facts_.service);
    case contract::FieldFact::kSeconds:
      return slot_value(Slot::kSecondsText);
    case contract::FieldFact::kNow:
      if (!facts_.now.empty()) return slot_value(Slot::kNow);
      return {};
    case contract::FieldFact::kSince:
      if (facts_.since) return text_value(http::rfc3339(*facts_.since));
      return {};
    case contract::FieldFact::kUntil:
      if (facts_.until) return text_value(http::rfc3339(*facts_.until));
      return {};
    case contract::FieldFact::kPath:
      return facts_.path.empty() ? Made{} : make_path(wanted);
    case contract::FieldFact::kRequestId:
      return facts_.request_id.empty() ? Made{} : make_id(wanted, IdLimits::Kind::kRequest);
    case contract::FieldFact::kTraceId:
      return facts_.trace_id.empty() ? Made{} : make_id(wanted, IdLimits::Kind::kTrace);
    case contract::FieldFact::kLanguage:
      return text_value(facts_.language);
    default:
      return {};
  }
}

// A member of that name that is no URI in the example is a word for what is wrong.
BodyMaker::Made BodyMaker::make_problem_type(const Wanted& wanted) {
  const bool is_uri =
      is_text(wanted.model)
          ? has_format(text_of(*wanted.model), "uri")
          : wanted.is_problem_beside || wanted.schema.first("format").text().starts_with("uri");
  if (!is_uri) return text_value(is_text(wanted.model) ? code_for(wanted) : "service_unavailable");
  if (auto own = keep_if_fits(wanted, text_value(facts_.problem_type))) return own;
  return text_value(kBlankType);
}

// The path of any request at all, cut to what fits; none where it may not be any.
BodyMaker::Made BodyMaker::make_path(const Wanted& wanted) {
  constexpr double kTooShortToTell = 16;
  const double most =
      std::min(wanted.schema.least("maxLength").value_or(kLongestPath), double{kLongestPath});
  if (most < kTooShortToTell || wanted.schema.first("pattern") || wanted.schema.first("not") ||
      wanted.schema.first("if") || !fits(wanted.schema, text_value("/"))) {
    return {};
  }
  const std::string longest = "/" + std::string(static_cast<std::size_t>(most) - 1, 'a');
  return keep_if_fits(wanted, slot_value(Slot::kPath, longest, pool_.GetAllocator()));
}

// An id of the request, if one of those that requests have fits.
BodyMaker::Made BodyMaker::make_id(const Wanted& wanted, IdLimits::Kind kind) {
  constexpr std::array<std::string_view, 4> kExamples = {"4bf92f3577b34da6a3ce929d0e0e4736",
                                                         "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
                                                         "4bf92f3577b34da6", "4bf92f35"};
  IdLimits alone;
  if (!alone.add(kind, wanted.schema)) return {};
  const Slot slot = kind == IdLimits::Kind::kTrace ? Slot::kTraceId : Slot::kRequestId;
  std::vector<std::string> examples(kExamples.begin(), kExamples.end());
  if (const auto pattern = SchemaPattern::parse(wanted.schema.first("pattern").text())) {
    if (const auto text = pattern->shortest(1, kLongest)) examples.push_back(*text);
  }
  for (const std::string& example : examples) {
    if (!alone.fit({example, example})) continue;
    auto made = keep_if_fits(wanted, slot_value(slot, example, pool_.GetAllocator()));
    if (made) contents_.ids.merge(alone);
    if (made) return made;
  }
  return {};
}

// Whether the message is only tried here because nothing that asks for it has room: a phrase is of
// no use then.
bool BodyMaker::is_place_looked_for(const Wanted& wanted) const {
  return reach_ != Reach::kNamed &&
         contract::fact_of_field(wanted.name) != contract::FieldFact::kMessage;
}

// Whether a text is too short for a sentence.
bool BodyMaker::is_short_of_room(const Wanted& wanted) const {
  constexpr double kShortestSentence = 20;
  const auto most = wanted.schema.least("maxLength");
  return most && *most < kShortestSentence &&
         *most < static_cast<double>(count_characters(facts_.message));
}

// The message as it is; where a pattern does not allow that, in plain characters, else a phrase.
BodyMaker::Made BodyMaker::make_message(const Wanted& wanted) {
  if (auto made = attempt([&] { return fitting_text(wanted, facts_.message); })) return made;
  if (!wanted.schema.first("pattern")) return {};
  const std::string plain = in_plain_characters(facts_.message);
  if (!plain.empty()) {
    if (auto made = attempt([&] { return fitting_text(wanted, plain); })) return made;
  }
  if (is_place_looked_for(wanted)) return {};
  for (const std::string_view phrase : kPhrases) {
    auto made = keep_if_fits(wanted, text_value(phrase));
    if (made) contents_.cut.emplace_back(wanted.name);
    if (made) return made;
  }
  return {};
}

// A text for people, cut or stretched to the length that is demanded. Where no sentence has room, a
// short phrase stands in.
BodyMaker::Made BodyMaker::fitting_text(const Wanted& wanted, std::string_view text) {
  const std::size_t least = least_length(wanted.schema);
  const auto most = static_cast<std::size_t>(
      std::clamp(wanted.schema.least("maxLength").value_or(kLongest), 0.0, double{kLongest}));
  const bool is_cut = count_characters(text) > most;
  std::string fitting = first_characters(text, most);
  const bool is_phrase = is_cut && is_short_of_room(wanted);
  if (is_phrase && is_place_looked_for(wanted)) return {};
  if (is_phrase) {
    const auto phrase = std::find_if(kPhrases.begin(), kPhrases.end(),
                                     [&](std::string_view one) { return one.size() <= most; });
    fitting = phrase == kPhrases.end() ? "" : *phrase;
  }
  for (std::size_t size = count_characters(fitting); size < least; ++size) fitting += '.';
  auto made = keep_if_fits(wanted, text_value(fitting));
  if (made && is_cut) contents_.cut.emplace_back(wanted.name);
  return made;
}

BodyMaker::Made BodyMaker::make_text(const Wanted& wanted) {
  const std::string_view format = wanted.schema.first("format").text();
  if (format == "date-time" && !facts_.now.empty()) {
    if (auto made = keep_if_fits(wanted, slot_value(Slot::kNow))) return made;
  }
  if (format == "date-time") {
    const auto moment = facts_.since.value_or(base::TimePoint{});
    if (auto made = keep_if_fits(wanted, text_value(http::rfc3339(moment)))) return made;
  }
  if (const auto text = plain_text_of(format); !text.empty()) {
    if (auto made = keep_if_fits(wanted, text_value(text))) return made;
  }
  if (auto made = fitting_text(wanted, "")) return made;
  const ApiNode pattern = wanted.schema.first("pattern");
  const auto compiled = SchemaPattern::parse(pattern.text());
  if (!pattern || !compiled) return {};
  const auto text = compiled->shortest(least_length(wanted.schema), kLongest);
  return text ? keep_if_fits(wanted, text_value(*text)) : Made{};
}

// A bound itself or its neighbour, where it is an integer that a double does not hold.
BodyMaker::Made BodyMaker::make_bound(const Wanted& wanted) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;
  for (const std::string_view keyword :
       {"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"}) {
    const ApiNode bound = wanted.schema.first(keyword);
    if (!bound || !bound.value->IsInt64()) continue;
    const std::int64_t number = bound.value->GetInt64();
    if (number > -kExact && number < kExact) continue;
    for (const std::int64_t step : {0, 1, -1}) {
      std::int64_t near = 0;
      if (__builtin_add_overflow(number, step, &near)) continue;
      if (auto made = keep_if_fits(wanted, rapidjson::Value(near))) return made;
    }
  }
  return {};
}

BodyMaker::Made BodyMaker::make_number(const Wanted& wanted) {
  if (auto made = make_bound(wanted)) return made;
  const double step = wanted.schema.greatest("multipleOf").value_or(1);
  const double least = std::max(wanted.schema.greatest("minimum").value_or(0),
                                wanted.schema.greatest("exclusiveMinimum").value_or(0));
  const double most = wanted.schema.least("maximum").value_or(
      wanted.schema.least("exclusiveMaximum").value_or(least));
  const double first = step > 0 ? std::ceil(least / step) * step : least;
  for (const double number :
       {0.0, first, first + step, least, most, most - step,
        step > 0 ? std::floor(most / step) * step : most, (least + most) / 2}) {
    if (auto made = keep_if_fits(wanted, number_value(number))) return made;
  }
  return {};
}

std::optional<std::string> BodyMaker::text(ApiNode schema, std::string_view name) {
  begin();
  is_text_ = true;
  Wanted wanted{SchemaView(files_, dialect_)};
  wanted.schema.add(schema);
  wanted.name = name;
  const auto made = make_value(wanted);
  if (!made || made->IsObject() || made->IsArray() || made->IsNull() ||
      check_.problem(schema, concrete(*made, facts_, pool_.GetAllocator()))) {
    return {};
  }
  if (slot_of(*made)) return text_of_slot(*made, facts_);
  if (made->IsString()) return std::string(text_of(*made));
  return write_json(*made, facts_);
}

}  // namespace intermission::openapi
