#include "openapi/api_contract.h"

#include "base/markup.h"
#include "base/text.h"
#include "http/one_line.h"
#include "openapi/body_maker.h"
#include "openapi/body_xml.h"
#include "openapi/schema_view.h"

namespace intermission::openapi {
namespace {

std::string fields_of(const Promise& promise, BodyMaker& maker) {
  std::string fields;
  for (const auto& [name, value] : promise.fields) {
    fields += name + ": " + http::one_line(value) + "\r\n";
  }
  for (const auto& [name, schema] : promise.headers) {
    const auto value = maker.text(schema, name);
    if (value) fields += name + ": " + http::one_line(*value) + "\r\n";
  }
  return fields;
}

// A picture for people, whatever the schema of a picture may say.
std::string picture_of(std::string_view message) {
  const std::string text = base::text_in_markup(message);
  return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 120" role="img"><title>)" +
         text +
         R"(</title><rect width="640" height="120" fill="#f2f2f2"/>)"
         R"(<text x="320" y="66" text-anchor="middle" font-family="system-ui,sans-serif" )"
         R"(font-size="18" fill="#595959">)" +
         text + "</text></svg>";
}

// Whether the schema of a plain text speaks of a text.
bool holds_text(const PromisedForm& form, const ApiDocument& document) {
  SchemaView view(*document.files, document.dialect);
  view.add(form.schema);
  constexpr std::uint8_t kScalars = kStringType | kNumberType | kIntegerType | kBooleanType;
  return (view.types() & kScalars) != 0 || view.forbids_everything();
}

std::optional<std::string> body_of(const PromisedForm& form, const ApiDocument& document,
                                   const contract::Facts& facts, BodyMaker& maker) {
  if (form.syntax == Syntax::kSvg) return picture_of(facts.message);
  if (form.syntax == Syntax::kText) {
    if (holds_text(form, document)) return maker.text(form.schema, "");
    // Generators declare the schema of their objects for plain text too.
    return std::string(facts.message);
  }
  const bool is_markup = form.syntax == Syntax::kXml && form.example && !form.schema;
  if (is_markup) {
    if (form.example.text().starts_with('<')) return std::string(form.example.text());
    return {};
  }
  if (!maker.make(form.schema, model_of(form))) return {};
  if (form.syntax == Syntax::kJson) return maker.json();
  return write_xml(*document.files, document.dialect, form.schema, maker.value(), facts);
}

}  // namespace

ApiContract::Match ApiContract::find(std::string_view method, std::string_view path,
                                     std::string_view query) const {
  const auto found = paths_.find(method, path, query);
  if (!found) return {nullptr, false, &promises_.front()};
  if (!found->value) return {nullptr, true, &promises_.front()};
  const Operation& operation = operations_[*found->value];
  return {&operation, true, &promises_[operation.promise]};
}

std::vector<SaidForm> ApiContract::say(const Promise& promise, const contract::Facts& facts) const {
  std::vector<SaidForm> said;
  for (const PromisedForm& form : promise.forms) {
    BodyMaker maker(*promise.document->files, promise.document->dialect, facts);
    auto body = body_of(form, *promise.document, facts, maker);
    if (!body) continue;
    std::vector<std::string> untrue = maker.untrue();
    std::string fields = fields_of(promise, maker);
    said.push_back({form.media_type, form.content_type, form.syntax, std::move(fields),
                    std::move(*body), maker.ids(), std::move(untrue), maker.cut(),
                    maker.unknown_patterns()});
  }
  return said;
}

}  // namespace intermission::openapi
