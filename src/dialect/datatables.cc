// DataTables (datatables.net, "Server-side processing"), the tables of many back offices. For any
// status but 200 they show a dialog with "Ajax error" and the address of a page for developers.
// What a server cannot do it says in `error`, under 200, and they show that; with the members of an
// empty result the table below says that it is empty. Version 1.9 had other names for all of it.
//
//   ?draw=1&columns%5B0%5D%5Bdata%5D=name&…   in the query, as a form, or as JSON
//   ?sEcho=1&iColumns=2&…                      version 1.9
#include <algorithm>

#include "base/text.h"
#include "dialect/dialect.h"
#include "dialect/in_json.h"
#include "dialect/json.h"
#include "dialect/json_scan.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::datatables {
namespace {

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kJson = "application/json";

enum Form : std::uint8_t { kNow, kVersion19 };  // places in render()'s list

constexpr bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), base::is_digit);
}

bool has_number(std::string_view parameters, std::string_view name) {
  const auto value = http::query_value(parameters, name);
  return value && is_number(*value);
}

Claim offers(Form form) {
  return {.strength = Claim::Strength::kOffers,
          .favours = form,
          .why = "the parameters are those of DataTables"};
}

Claim by_parameters(std::string_view parameters) {
  if (has_number(parameters, "draw") && (base::icontains(parameters, "columns%5B0%5D%5Bdata%5D=") ||
                                         base::icontains(parameters, "columns[0][data]="))) {
    return offers(kNow);
  }
  const bool is_old = has_number(parameters, "sEcho") && has_number(parameters, "iColumns");
  return is_old ? offers(kVersion19) : Claim{};
}

class FindsParameters : public JsonVisitor {
 public:
  bool member(std::string_view name, std::string_view value) override {
    has_draw_ = has_draw_ || (name == "draw" && is_number(value));
    has_columns_ = has_columns_ || (name == "columns" && value.starts_with("[{\"data\":"));
    return !found();
  }
  bool found() const { return has_draw_ && has_columns_; }

 private:
  bool has_draw_ = false;
  bool has_columns_ = false;
};

Claim by_json(std::string_view body) {
  FindsParameters parameters;
  const JsonScan scan = scan_json(body, parameters);
  return parameters.found() && !scan.is_list ? offers(kNow) : Claim{};
}

Claim recognise(RequestEvidence& evidence) {
  const http::Request& request = evidence.request();
  if (const Claim claim = by_parameters(request.query()); claim.favours) return claim;
  if (evidence.method_class() != kPost) return {};
  const bool is_form = evidence.sends(kForm);
  if (!is_form && !evidence.sends(kJson)) return {};
  if (evidence.body_unread()) return {.needs_body = true};
  return is_form ? by_parameters(request.body()) : by_json(request.body());
}

Representation empty_result(const page::Notice& notice, const char* error, const char* total,
                            const char* filtered, const char* rows) {
  JsonObject result;
  result.text(error, page::spoken_text(notice)).number(total, 0).number(filtered, 0);
  result.open_list(rows).close_list();
  Representation said = in_json(result.about(notice).finish());
  said.status = 200;
  return said;
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  return {empty_result(notice, "error", "recordsTotal", "recordsFiltered", "data"),
          empty_result(notice, "sError", "iTotalRecords", "iTotalDisplayRecords", "aaData")};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "datatables",
    .speaks_to = "tables in pages: DataTables",
    .known_by = "parameters draw and columns[0][data], or sEcho and iColumns",
    .triggers = {{.parameters = {"draw", "sEcho"}},
                 {.methods = kPost, .content_types = {kForm, kJson}}},
    .yields_to_contract = true,
    .recognise = recognise,
    .render = render,
};

}  // namespace intermission::dialect::datatables
