#include "openapi/body_maker.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "openapi/body_slots.h"
#include "openapi/schema_pattern.h"

namespace intermission::openapi {
namespace {

constexpr int kMaxBodyDepth = 40;
constexpr int kOptionalDepth = 4;  // how deep optional members are searched
constexpr std::size_t kMostAlternatives = 24;
constexpr std::size_t kMostItems = 100;

const rapidjson::Value* member_of(const rapidjson::Value* object, std::string_view name) {
  if (object == nullptr || !object->IsObject()) return nullptr;
  const rapidjson::Value key(rapidjson::StringRef(name.data(), name.size()));
  const auto found = object->FindMember(key);
  return found == object->MemberEnd() ? nullptr : &found->value;
}

std::uint8_t type_of(const rapidjson::Value& scalar) {
  if (scalar.IsString()) return kStringType;
  if (scalar.IsNumber()) return kNumberType | kIntegerType;
  return scalar.IsBool() ? kBooleanType : kEveryType;
}

bool offers_null(const SchemaView& schema) {
  const auto choices = schema.open_choices();
  return std::any_of(choices.begin(), choices.end(), [](ApiNode choice) {
    return std::any_of(choice.value->Begin(), choice.value->End(), [&](const auto& item) {
      return ApiNode{choice.file, &item}["type"].text() == "null";
    });
  });
}

// The value that tells an alternative from the others: its key in the mapping, or its name.
std::string discriminating_value(ApiNode discriminator, ApiNode alternative) {
  const std::string_view reference = reference_of(alternative);
  const ApiNode mapping = discriminator["mapping"];
  if (mapping.is_object()) {
    for (const auto& entry : mapping.value->GetObject()) {
      const std::string_view target = text_of(entry.value);
      if (target == reference || target == name_in_reference(reference)) {
        return std::string(text_of(entry.name));
      }
    }
  }
  return std::string(name_in_reference(reference));
}

// A name that `propertyNames` allows.
std::string member_name(const SchemaView& schema) {
  const ApiNode names = schema.first("propertyNames");
  const ApiNode listed = names["enum"];
  if (listed && listed.value->IsArray() && !listed.value->Empty()) {
    return std::string(text_of((*listed.value)[0]));
  }
  const auto pattern = SchemaPattern::parse(names["pattern"].text());
  if (!names["pattern"] || !pattern || pattern->matches("message")) return "message";
  constexpr std::size_t kLongestName = 100;
  return pattern->shortest(1, kLongestName).value_or("message");
}

}  // namespace

BodyModel model_of(const PromisedForm& form) {
  return {form.example.text().empty() ? form.example : ApiNode{}, form.is_example_about_maintenance,
          form.is_example_of_client_error, form.media_type.starts_with("application/problem+"),
          form.syntax == Syntax::kJson};
}

BodyMaker::BodyMaker(const ApiFiles& files, SchemaDialect dialect, const contract::Facts& facts)
    : files_(files), dialect_(dialect), facts_(facts), check_(files, dialect) {}

std::string BodyMaker::json() const {
  return write_json(body_, facts_);
}

// Ids fill fields as well, so the fields' requirements are kept.
void BodyMaker::begin() {
  contents_ = {.ids = std::move(contents_.ids)};
  steps_ = 0;
  missing_.clear();
  trusts_model_ = doubts_model_ = may_add_message_ = is_text_ = false;
  reach_ = Reach::kNamed;
}

bool BodyMaker::make(ApiNode schema, const BodyModel& model) {
  begin();
  trusts_model_ = model.is_about_maintenance;
  doubts_model_ = model.is_of_client_error && !trusts_model_;
  may_add_message_ = model.may_add_message;
  Wanted wanted{SchemaView(files_, dialect_)};
  wanted.schema.add(schema);
  wanted.model = model.example.value;
  wanted.is_shown = wanted.model != nullptr;
  wanted.is_problem_beside = model.is_problem;
  auto made = make_whole(wanted);
  if (!made) {
    problem_ = why_nothing();
    return false;
  }
  body_ = std::move(*made);
  if (auto wrong = check_.problem(schema, concrete(body_, facts_, pool_.GetAllocator()))) {
    problem_ = "the body that was made is not valid: " + *wrong;
    return false;
  }
  return true;
}

std::string BodyMaker::why_nothing() const {
  if (steps_ > kMostSteps) return "the schema is too complex";
  if (missing_.empty()) return "the schema allows nothing that could be sent";
  return "nothing was found for its required member " + base::printable(missing_);
}

// A message without a field of a fitting name goes into a text field of another name.
BodyMaker::Made BodyMaker::make_whole(const Wanted& wanted) {
  const Contents before = contents_;
  Made made = make_value(wanted);
  if (!made || contents_.messages > 0 || trusts_model_ || is_text_) return made;
  const Contents silent = contents_;
  for (const Reach reach : {Reach::kTitles, Reach::kAnyText, Reach::kBeside}) {
    if (reach == Reach::kBeside && !may_add_message_) break;
    contents_ = before;
    Made better = try_with(wanted, reach);
    const bool is_good = better && contents_.messages > 0 && contents_.blames <= silent.blames &&
                         contents_.untrue.size() <= silent.untrue.size() &&
                         fits(wanted.schema, *better);
    if (is_good) return better;
  }
  contents_ = silent;
  return made;
}

BodyMaker::Made BodyMaker::try_with(const Wanted& wanted, Reach reach) {
  reach_ = reach;
  steps_ = 0;
  Made made = make_value(wanted);
  reach_ = Reach::kNamed;
  return made;
}

bool BodyMaker::fits(const SchemaView& schema, const rapidjson::Value& value) {
  const rapidjson::Value example = concrete(value, facts_, pool_.GetAllocator());
  const auto& parts = schema.parts();
  return std::none_of(parts.begin(), parts.end(),
                      [&](ApiNode part) { return check_.problem(part, example).has_value(); });
}

BodyMaker::Made BodyMaker::keep_if_fits(const Wanted& wanted, rapidjson::Value value) {
  if (!fits(wanted.schema, value)) return {};
  return value;
}

BodyMaker::Made BodyMaker::make_value(const Wanted& wanted) {
  if (depth_ > kMaxBodyDepth) return {};
  const rapidjson::Value* self =
      wanted.schema.empty() ? nullptr : wanted.schema.parts().front().value;
  // A schema inside itself ends where it may.
  const auto around = std::count(inside_.begin(), inside_.end(), self);
  if (self != nullptr && around > 0) {
    if (wanted.schema.may_be_null() || offers_null(wanted.schema)) return rapidjson::Value();
    if (around > 2) return {};
  }
  ++depth_;
  inside_.push_back(self);
  Made made = make_here(wanted);
  inside_.pop_back();
  --depth_;
  return made;
}

// The same value again after an alternative has been chosen is no deeper one.
BodyMaker::Made BodyMaker::make_here(const Wanted& wanted) {
  if (++steps_ > kMostSteps || wanted.schema.forbids_everything()) return {};
  if (auto made = make_fixed(wanted)) return made;
  const auto choices = wanted.schema.open_choices();
  if (choices.empty() && wanted.schema.is_conditional()) {
    constexpr int kMostDecisions = 6;
    return attempt([&] { return make_conditional(wanted, kMostDecisions); });
  }
  if (choices.empty()) return attempt([&] { return make_of_type(wanted); });
  if (auto made = make_choice(wanted, choices.front())) return made;
  if (wanted.schema.may_be_null()) return keep_if_fits(wanted, rapidjson::Value());
  return {};
}

// A body for which one demand brings along another: made, looked at, and made anew with what it
// lacks; then with each `if` decided the one way and the other.
BodyMaker::Made BodyMaker::make_conditional(const Wanted& wanted, int decisions) {
  Made made = attempt([&] { return make_of_type(wanted); });
  if (made && fits(wanted.schema, *made)) return made;
  if (decisions == 0) return {};
  if (made && made->IsObject()) {
    Wanted more = wanted;
    if (more.schema.add_dependents(*made)) {
      if (auto better = attempt([&] { return make_conditional(more, decisions - 1); }))
        return better;
    }
  }
  const ApiNode conditional = wanted.schema.open_condition();
  if (!conditional) return {};
  for (const bool holds : {true, false}) {
    Wanted decided = wanted;
    decided.schema.decide(conditional, holds);
    auto better = attempt([&] { return make_conditional(decided, decisions - 1); });
    if (better && fits(wanted.schema, *better)) return better;
  }
  return {};
}

BodyMaker::Made BodyMaker::make_choice(const Wanted& wanted, ApiNode choice) {
  const ApiNode discriminator = wanted.schema.first("discriminator");
  const Contents before = contents_;
  Contents best_told = before;
  Made best;
  std::size_t tried = 0;
  const auto try_alternative = [&](ApiNode alternative, bool is_generous) {
    Wanted chosen = wanted;
    chosen.is_generous = is_generous;
    chosen.schema.choose(choice, alternative);
    // A choice inside of an alternative does not name it anew.
    std::string value = discriminating_value(discriminator, alternative);
    if (discriminator && !value.empty()) chosen.must_be = std::move(value);
    contents_ = before;
    auto made = make_here(chosen);
    if (!made || !fits(wanted.schema, *made)) return;
    const bool is_something = best && best->IsNull() && !made->IsNull();
    if (best && !is_something && !is_better(contents_, best_told, before)) return;
    best = std::move(made);
    best_told = contents_;
  };
  // If a short body fits several alternatives, optional members show which one is meant.
  for (const bool is_generous : {false, true}) {
    if (best) break;
    tried = 0;
    for (const auto& item : choice.value->GetArray()) {
      if (++tried > kMostAlternatives) break;
      try_alternative({choice.file, &item}, is_generous);
      constexpr int kMostFixed = 3;
      const bool is_best = best && best_told.messages > before.messages &&
                           best_told.untrue.size() == before.untrue.size() &&
                           best_told.fixed == kMostFixed;
      if (is_best) break;
    }
  }
  contents_ = std::move(best_told);
  return best;
}

// An alternative that tells nothing of another error, then one that speaks to people, then one that
// tells nothing untrue, then one for a failure of the service, then the one that tells most.
bool BodyMaker::is_better(const Contents& told, const Contents& best, const Contents& before) {
  const auto rank = [&](const Contents& one) {
    const auto untrue = static_cast<std::ptrdiff_t>(one.untrue.size());
    const bool is_told = one.messages > before.messages;
    // The first message is enough.
    const bool is_enough = is_told && one.untrue.size() == before.untrue.size();
    return std::tuple(one.blames <= before.blames, is_told, -untrue, one.fixed,
                      is_enough ? 0 : one.messages, is_enough ? 0 : one.facts);
  };
  return rank(told) > rank(best);
}

BodyMaker::Made BodyMaker::make_of_type(const Wanted& wanted) {
  const std::uint8_t types = wanted.schema.types();
  const auto scalars = static_cast<std::uint8_t>(types & ~(kObjectType | kArrayType | kNullType));
  if (is_text_) return make_scalar(wanted, scalars);
  // Where everything is allowed the example decides, then the name, then the place.
  if (types == kEveryType) {
    if (wanted.model == nullptr) {
      return depth_ == 1 ? make_free_object(wanted) : make_scalar(wanted, types);
    }
    if (wanted.model->IsObject()) return make_object(wanted);
    if (wanted.model->IsArray()) return make_list(wanted);
    return make_scalar(wanted, type_of(*wanted.model));
  }
  const bool is_list_model = wanted.model != nullptr && wanted.model->IsArray();
  if ((types & kArrayType) != 0 && is_list_model) {
    if (auto made = attempt([&] { return make_list(wanted); })) return made;
  }
  if ((types & kObjectType) != 0) {
    if (auto made = attempt([&] { return make_object(wanted); })) return made;
  }
  if (scalars != kNoType) {
    if (auto made = make_scalar(wanted, scalars)) return made;
  }
  if ((types & kArrayType) != 0) {
    if (auto made = attempt([&] { return make_list(wanted); })) return made;
  }
  if (wanted.schema.may_be_null()) return keep_if_fits(wanted, rapidjson::Value());
  return {};
}

BodyMaker::Wanted BodyMaker::wanted_property(const Wanted& object,
                                             const SchemaView::Property& property,
                                             const Beside& beside) {
  Wanted inner{SchemaView(files_, dialect_)};
  for (const ApiNode schema : property.schemas) inner.schema.add(schema);
  inner.name = property.name;
  inner.model = member_of(object.model, property.name);
  inner.is_shown = object.is_shown && inner.model != nullptr;
  inner.has_message_beside = beside.message;
  inner.is_problem_beside = beside.problem || (depth_ == 1 && object.is_problem_beside);
  inner.required = property.required;
  if (inner.model == nullptr) inner.model = inner.schema.first("example").value;
  const ApiNode discriminator = object.schema.first("discriminator");
  const std::string_view tells = discriminator.is_object() ? discriminator["propertyName"].text()
                                                           : discriminator.text();  // Swagger 2.0
  if (!tells.empty() && tells == property.name) {
    inner.must_be = object.must_be ? object.must_be : std::string(object.schema.reference_name());
  }
  return inner;
}

// A problem detail is known by its detail, or by its title beside one of its other members.
BodyMaker::Beside BodyMaker::beside_in(const std::vector<SchemaView::Property>& properties) {
  const auto has = [&](auto is) { return std::any_of(properties.begin(), properties.end(), is); };
  const auto is_named = [&](std::string_view name) {
    return has([&](const auto& property) { return property.name == name; });
  };
  return {
      has([](const auto& property) {
        return property.name != "error" &&
               contract::fact_of_field(property.name) == contract::FieldFact::kMessage;
      }),
      is_named("detail") || (is_named("title") && (is_named("status") || is_named("instance")))};
}

BodyMaker::Made BodyMaker::make_object(const Wanted& wanted) {
  const auto properties = wanted.schema.properties();
  if (properties.empty() && depth_ == 1 && (wanted.model == nullptr || !wanted.model->IsObject())) {
    return make_free_object(wanted);
  }
  if (properties.empty() && reach_ != Reach::kNamed && contents_.messages == 0) {
    if (auto made = attempt([&] { return make_message_map(wanted); })) return made;
  }
  const Beside beside = beside_in(properties);
  std::vector<Made> values(properties.size());
  const std::size_t messages = contents_.messages;
  // What is demanded, what the example has, and what tells something by itself; then, if nothing
  // has told people what is going on, what may have it inside: objects, and lists at last.
  enum Pass { kPlain, kObjects, kLists };
  for (const Pass pass : {kPlain, kObjects, kLists}) {
    const bool is_needed =
        pass == kPlain || (contents_.messages == messages && depth_ <= kOptionalDepth);
    for (std::size_t i = 0; is_needed && i < properties.size(); ++i) {
      const auto& property = properties[i];
      if (values[i]) continue;
      Wanted inner = wanted_property(wanted, property, beside);
      const rapidjson::Value* given = member_of(wanted.model, property.name);
      const std::uint8_t types = inner.schema.types();
      const bool is_scalar = (types & (kObjectType | kArrayType)) == 0;
      const bool is_given =
          property.required || wanted.is_generous || (given != nullptr && !given->IsNull());
      if (pass == kPlain && !is_given && !(is_scalar && may_say(fact_of(inner)))) {
        continue;
      }
      if (pass == kObjects && (types & kObjectType) == 0) continue;
      if (pass == kLists && (types & kArrayType) == 0) continue;
      if (!property.required && inner.schema.first("writeOnly").is_true()) continue;
      Contents before = contents_;
      values[i] = make_member(inner, property.required);
      if (!values[i] && property.required) {
        if (missing_.empty()) missing_ = property.name;
        return {};
      }
      if (pass == kPlain) continue;
      if (contents_.messages > before.messages) break;
      values[i].reset();
      contents_ = std::move(before);
    }
  }
  rapidjson::Value object(rapidjson::kObjectType);
  for (std::size_t i = 0; i < properties.size(); ++i) {
    if (values[i]) {
      object.AddMember(text_value(properties[i].name), *values[i], pool_.GetAllocator());
    }
  }
  add_model_members(wanted, object);
  if (reach_ == Reach::kBeside && depth_ == 1) add_message_beside(wanted, object);
  if (object.MemberCount() < wanted.schema.greatest("minProperties").value_or(0)) {
    return make_free_object(wanted);
  }
  return object;
}

// A member whose name asks for what cannot truthfully be said in it is left out where it may be.
BodyMaker::Made BodyMaker::make_member(const Wanted& wanted, bool required) {
  Contents before = contents_;
  Made made = make_value(wanted);
  const bool is_of_another = contents_.blames > before.blames;
  if (!made || (!is_of_another && !is_untrue(wanted, *made, before))) return made;
  if (!required) {
    contents_ = std::move(before);
    return {};
  }
  const bool is_scalar = !made->IsObject() && !made->IsArray();
  if (is_scalar &&
      (is_of_another || (!made->IsNull() && may_say(contract::fact_of_field(wanted.name))))) {
    contents_.untrue.emplace_back(wanted.name);
  }
  return made;
}

// What the example has and the schema does not speak of.
void BodyMaker::add_model_members(const Wanted& wanted, rapidjson::Value& object) {
  if (wanted.model == nullptr || !wanted.model->IsObject() || wanted.schema.forbids_others()) {
    return;
  }
  const auto declared = wanted.schema.properties();
  for (const auto& member : wanted.model->GetObject()) {
    const std::string_view name = text_of(member.name);
    if (std::any_of(declared.begin(), declared.end(),
                    [&](const auto& property) { return property.name == name; })) {
      continue;
    }
    Wanted inner{SchemaView(files_, dialect_), name, &member.value};
    inner.is_shown = wanted.is_shown;
    inner.required = false;
    if (const ApiNode additional = wanted.schema.first("additionalProperties")) {
      inner.schema.add(additional);
    }
    if (auto made = make_member(inner, false)) {
      object.AddMember(text_value(name), *made, pool_.GetAllocator());
    }
  }
}

// {"message": "..."} beside what is declared; {"error": {"message": "..."}} where every member is
// an object.
void BodyMaker::add_message_beside(const Wanted& wanted, rapidjson::Value& object) {
  if (contents_.messages > 0 || wanted.schema.forbids_others()) return;
  for (const std::string_view name : {"message", "detail", "description"}) {
    Wanted text{SchemaView(files_, dialect_), "message"};
    text.required = false;
    if (const ApiNode additional = wanted.schema.first("additionalProperties")) {
      text.schema.add(additional);
    }
    if (add_if_told(wanted, name, text, object)) return;
  }
  if (object.HasMember("error")) return;
  Wanted inner{SchemaView(files_, dialect_), "message"};
  inner.required = false;
  rapidjson::Value error(rapidjson::kObjectType);
  Contents before = contents_;
  if (!add_if_told(inner, "message", inner, error)) return;
  object.AddMember("error", error, pool_.GetAllocator());
  if (fits(wanted.schema, object)) return;
  object.RemoveMember("error");
  contents_ = std::move(before);
}

// Adds a member if it is a new one that holds the message, and if the object is valid with it.
bool BodyMaker::add_if_told(const Wanted& wanted, std::string_view name, const Wanted& member,
                            rapidjson::Value& object) {
  if (member_of(&object, name) != nullptr) return false;
  Contents before = contents_;
  auto made = make_member(member, false);
  if (made && contents_.messages > before.messages) {
    object.AddMember(text_value(name), *made, pool_.GetAllocator());
    if (fits(wanted.schema, object)) return true;
    object.RemoveMember(text_value(name));
  }
  contents_ = std::move(before);
  return false;
}

// An object of which nothing is said but, perhaps, of what kind its members are.
BodyMaker::Made BodyMaker::make_free_object(const Wanted& wanted) {
  Contents before = contents_;
  rapidjson::Value object(rapidjson::kObjectType);
  if (!wanted.schema.forbids_others()) {
    const ApiNode additional = wanted.schema.first("additionalProperties");
    for (const std::string_view name : {"status", "title", "message", "retryAfter"}) {
      Wanted inner{SchemaView(files_, dialect_), name};
      inner.required = false;
      if (additional) inner.schema.add(additional);
      if (auto made = make_member(inner, false)) {
        object.AddMember(text_value(name), *made, pool_.GetAllocator());
      }
    }
  }
  if (fits(wanted.schema, object)) return object;
  contents_ = std::move(before);
  return keep_if_fits(wanted, rapidjson::Value(rapidjson::kObjectType));
}

// An object of which nothing is known but what its members are like: {"message": "..."}, or by the
// name that its patterns allow.
BodyMaker::Made BodyMaker::make_message_map(const Wanted& wanted) {
  std::vector<std::pair<std::string, ApiNode>> members;
  if (const ApiNode additional = wanted.schema.first("additionalProperties");
      additional.is_object()) {
    members.emplace_back(member_name(wanted.schema), additional);
  }
  const ApiNode patterns = wanted.schema.first("patternProperties");
  if (patterns.is_object()) {
    for (const auto& pattern : patterns.value->GetObject()) {
      const auto compiled = SchemaPattern::parse(text_of(pattern.name));
      if (!compiled) continue;
      const auto name = compiled->matches("message") ? "message" : compiled->shortest(1, 100);
      if (name) members.emplace_back(*name, ApiNode{patterns.file, &pattern.value});
    }
  }
  for (const auto& [name, schema] : members) {
    rapidjson::Value object(rapidjson::kObjectType);
    Wanted inner{SchemaView(files_, dialect_), "message"};
    inner.schema.add(schema);
    const std::size_t messages = contents_.messages;
    auto made = make_member(inner, true);
    if (!made || contents_.messages == messages) continue;
    object.AddMember(text_value(name), *made, pool_.GetAllocator());
    if (fits(wanted.schema, object)) return object;
  }
  return {};
}

BodyMaker::Made BodyMaker::make_list(const Wanted& wanted) {
  const ApiNode contained = wanted.schema.first("contains");
  const auto least_contained =
      static_cast<std::size_t>(contained ? wanted.schema.greatest("minContains").value_or(1) : 0);
  const auto least = std::max(
      static_cast<std::size_t>(wanted.schema.greatest("minItems").value_or(0)), least_contained);
  const auto most = static_cast<std::size_t>(wanted.schema.least("maxItems").value_or(kMostItems));
  if (least > kMostItems) return {};
  const bool has_model =
      wanted.model != nullptr && wanted.model->IsArray() && !wanted.model->Empty();
  Contents before = contents_;
  rapidjson::Value list(rapidjson::kArrayType);
  for (std::size_t i = 0; i < std::max<std::size_t>(least, std::min<std::size_t>(1, most)); ++i) {
    Wanted inner{SchemaView(files_, dialect_), wanted.name};
    const ApiNode prefix = wanted.schema.first("prefixItems");
    if (prefix && prefix.value->IsArray() && i < prefix.value->Size()) {
      inner.schema.add({prefix.file, &(*prefix.value)[static_cast<rapidjson::SizeType>(i)]});
    } else {
      for (const ApiNode part : wanted.schema.parts()) inner.schema.add(part["items"]);
    }
    if (i < least_contained) inner.schema.add(contained);
    if (has_model) {
      const auto index = std::min<std::size_t>(i, wanted.model->Size() - 1);
      inner.model = &(*wanted.model)[static_cast<rapidjson::SizeType>(index)];
      inner.is_shown = wanted.is_shown;
    }
    const bool required = inner.required = i < least;
    Contents so_far = contents_;
    auto made = make_member(inner, required);
    if (!made && required) return {};
    if (!made || (!required && !has_model && contents_.messages == so_far.messages)) {
      contents_ = std::move(so_far);
      break;
    }
    list.PushBack(*made, pool_.GetAllocator());
  }
  if (fits(wanted.schema, list)) return list;
  contents_ = std::move(before);
  return keep_if_fits(wanted, rapidjson::Value(rapidjson::kArrayType));
}

}  // namespace intermission::openapi
