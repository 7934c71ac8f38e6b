// Widgets in pages: tables, lists and plans whose scripts fetch what they show, and read a form of
// their own. For a status but 200, or without a member of theirs, they show words such as "Ajax
// error" and the address of a page for developers, or take a change for saved.
//
//   DataTables    (datatables.net, "Server-side processing") shows `error` under 200, and an empty
//                 table by the members of an empty result; version 1.9 had other names for them
//   Select2       (select2.org, "Ajax") shows the items of a list; one that cannot be chosen tells
//   jQuery UI     (jqueryui.com, Autocomplete) shows the items of a list, else "No search results."
//   jsTree        (jstree.com) shows the nodes of a list, else "Loading ..." for ever
//   jTable        (jtable.org) shows `Message` where `Result` is ERROR, under 200
//   w2ui          (w2ui.com, w2grid) shows `message` where `status` is error, under 200
//   Ext.Direct    (Sencha's Ext JS) wants an exception for each call, under 200
//   Syncfusion    (ej2.syncfusion.com, File Manager) shows `message` of an error, under 200
//   dhtmlxGantt   (docs.dhtmlx.com) takes a change for saved unless `action` is error
#include <algorithm>
#include <vector>

#include "base/markup.h"
#include "base/text.h"
#include "dialect/api_use.h"
#include "dialect/dialect.h"
#include "dialect/in_json.h"
#include "dialect/json.h"
#include "dialect/json_scan.h"
#include "dialect/problem.h"
#include "http/target.h"
#include "page/words.h"

namespace intermission::dialect::widgets {
namespace {

const http::Field kXRequestedWith = http::named_field("X-Requested-With");

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kJson = "application/json";

// Places in render()'s list.
enum Form : std::uint8_t {
  kDataTables,
  kDataTables19,
  kSelect2,
  kJtable,
  kW2ui,
  kExtDirect,
  kSyncfusion,
  kGantt,
  kAutocomplete,
  kJsTree,
};

Claim offers(Form form, std::string_view why) {
  return {.strength = Claim::Strength::kOffers, .favours = form, .why = why};
}

// ------------------------------------------------------------------ parameters

constexpr bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), base::is_digit);
}

bool has_number(std::string_view parameters, std::string_view name) {
  const auto value = http::query_value(parameters, name);
  return value && is_number(*value);
}

// draw=1&columns%5B0%5D%5Bdata%5D=name&…, in the query or in a form; sEcho=1&iColumns=2&… of 1.9
Claim by_parameters_of_datatables(std::string_view parameters) {
  constexpr std::string_view kWhy = "the parameters are those of DataTables";
  if (has_number(parameters, "draw") && (base::icontains(parameters, "columns%5B0%5D%5Bdata%5D=") ||
                                         base::icontains(parameters, "columns[0][data]="))) {
    return offers(kDataTables, kWhy);
  }
  const bool is_old = has_number(parameters, "sEcho") && has_number(parameters, "iColumns");
  return is_old ? offers(kDataTables19, kWhy) : Claim{};
}

// request={"limit":100,"offset":0}, encoded as a rule
bool asks_for_records(std::string_view query) {
  const auto request = http::query_value(query, "request");
  return request && (request->starts_with('{') || base::istarts_with(*request, "%7B")) &&
         request->find("limit") != std::string_view::npos &&
         request->find("offset") != std::string_view::npos;
}

// GET /names?term=ab, and nothing else. jQuery's own Accept: the script wants JSON.
bool is_autocomplete(RequestEvidence& evidence, std::string_view query) {
  return query.starts_with("term=") && query.find('&') == std::string_view::npos &&
         evidence.has(kXRequestedWith) && evidence.accepts(kJson) &&
         evidence.accepts("text/javascript");
}

Claim by_query(RequestEvidence& evidence) {
  const std::string_view query = evidence.request().query();
  if (query.empty()) return {};
  if (const Claim claim = by_parameters_of_datatables(query); claim.favours) return claim;
  if (has_number(query, "jtStartIndex") && has_number(query, "jtPageSize")) {
    return offers(kJtable, "the parameters are those of jTable");
  }
  if (is_autocomplete(evidence, query)) {
    return offers(kAutocomplete, "the parameter is that of jQuery UI's Autocomplete");
  }
  // The root; below it, id may be of anything.
  if (http::query_value(query, "id").value_or("") == "%23" && evidence.has(kXRequestedWith)) {
    return offers(kJsTree, "the parameter is that of jsTree");
  }
  const auto type = http::query_value(query, "_type");
  if (type && type->starts_with("query") && evidence.has(kXRequestedWith)) {
    return offers(kSelect2, "the parameters are those of Select2");
  }
  return asks_for_records(query) && is_script(evidence)
             ? offers(kW2ui, "the parameters are those of w2ui")
             : Claim{};
}

// A task is saved by its members; some modes name the change as well.
bool is_change_of_gantt(std::string_view form) {
  if (form.find("nativeeditor_status=") != std::string_view::npos) return true;
  return http::query_value(form, "start_date") && http::query_value(form, "end_date") &&
         http::query_value(form, "duration");
}

Claim by_form(RequestEvidence& evidence) {
  const std::string_view form = evidence.request().body();
  if (const Claim claim = by_parameters_of_datatables(form); claim.favours) return claim;
  return is_change_of_gantt(form) && evidence.has(kXRequestedWith)
             ? offers(kGantt, "the form is a task of dhtmlxGantt")
             : Claim{};
}

// ------------------------------------------------------------------ bodies in JSON

// One call of Ext.Direct; texts as they stand in the request.
struct Call {
  std::string_view action;
  std::string_view method;
  std::string_view tid;
};

class ReadsBody : public JsonVisitor {
 public:
  void begin_object() override {
    call_ = {};
    is_rpc_ = false;
  }
  bool member(std::string_view name, std::string_view value) override {
    has_draw_ = has_draw_ || (name == "draw" && is_number(value));
    has_columns_ = has_columns_ || (name == "columns" && value.starts_with("[{\"data\":"));
    has_start_ = has_start_ || name == "start_date";
    has_end_ = has_end_ || name == "end_date";
    has_duration_ = has_duration_ || name == "duration";
    has_path_ = has_path_ || (name == "path" && value.starts_with("\"/"));
    has_hidden_ = has_hidden_ || name == "showHiddenItems";
    has_data_ = has_data_ || (name == "data" && value.starts_with('['));
    is_rpc_ = is_rpc_ || (name == "type" && value == "\"rpc\"");
    if (name == "action") call_.action = value;
    if (name == "method") call_.method = value;
    if (name == "tid") call_.tid = value;
    return true;
  }
  void end_object() override {
    if (is_rpc_ && is_text(call_.action) && is_text(call_.method) && is_number(call_.tid) &&
        is_json(call_.tid)) {
      calls.push_back(call_);
    }
  }
  std::string_view action() const { return call_.action; }
  bool is_datatables() const { return has_draw_ && has_columns_; }
  bool is_of_files() const { return has_path_ && (has_hidden_ || has_data_); }
  bool is_task() const { return has_start_ && has_end_ && has_duration_; }

  std::vector<Call> calls;

 private:
  static bool is_text(std::string_view value) { return value.starts_with('"') && is_json(value); }

  Call call_;
  bool is_rpc_ = false;
  bool has_draw_ = false;
  bool has_columns_ = false;
  bool has_start_ = false;
  bool has_end_ = false;
  bool has_duration_ = false;
  bool has_path_ = false;
  bool has_hidden_ = false;
  bool has_data_ = false;
};

// Scripts send Origin with every POST. A program that looks at the status alone must not get 200.
bool is_in_page(RequestEvidence& evidence) {
  return is_script(evidence) || evidence.has(http::Field::kOrigin);
}

bool is_action_on_files(std::string_view action) {
  for (const std::string_view one : {"\"read\"", "\"create\"", "\"rename\"", "\"delete\"",
                                     "\"details\"", "\"search\"", "\"copy\"", "\"move\""}) {
    if (action == one) return true;
  }
  return false;
}

Claim by_json(RequestEvidence& evidence) {
  ReadsBody seen;
  const JsonScan scan = scan_json(evidence.request().body(), seen);
  if (!seen.calls.empty()) return offers(kExtDirect, "the body holds calls of Ext.Direct");
  if (scan.is_list) return {};
  if (seen.is_datatables()) return offers(kDataTables, "the parameters are those of DataTables");
  if (seen.is_of_files() && is_action_on_files(seen.action()) && is_in_page(evidence)) {
    return offers(kSyncfusion, "the body is one of Syncfusion's file manager");
  }
  return seen.is_task() && evidence.has(kXRequestedWith)
             ? offers(kGantt, "the body is a task of dhtmlxGantt")
             : Claim{};
}

Claim recognise(RequestEvidence& evidence) {
  if (const Claim claim = by_query(evidence); claim.favours) return claim;
  if ((evidence.method_class() & (kPost | kWrite)) == 0) return {};
  const bool is_form = evidence.sends(kForm);
  if (!is_form && !evidence.sends(kJson)) return {};
  if (evidence.body_unread()) return {.needs_body = true};
  return is_form ? by_form(evidence) : by_json(evidence);
}

// ------------------------------------------------------------------ speaking

Representation under_200(JsonObject& object) {
  Representation said = in_json(object.finish());
  said.status = 200;
  return said;
}

Representation empty_result(const page::Notice& notice, const char* error, const char* total,
                            const char* filtered, const char* rows) {
  JsonObject result;
  result.text(error, page::spoken_text(notice)).number(total, 0).number(filtered, 0);
  result.open_list(rows).close_list();
  return under_200(result.about(notice));
}

Representation item(const page::Notice& notice) {
  JsonObject list;
  list.open_list("results").open_item();
  list.text("id", "").text("text", page::spoken_text(notice)).truth("disabled", true);
  list.close().close_list();
  return under_200(list.about(notice));
}

// For jTable, w2ui and Syncfusion, which put the message into the page as HTML.
std::string spoken_in_html(const page::Notice& notice) {
  return base::text_in_markup(page::spoken_text(notice));
}

Representation told(const page::Notice& notice, const char* result, const char* error,
                    const char* message) {
  JsonObject object;
  object.text(result, error).text(message, spoken_in_html(notice));
  return under_200(object.about(notice));
}

// A batch wants an exception for each of its calls.
std::string exceptions(const std::vector<Call>& calls, bool is_list, const std::string& text) {
  constexpr std::size_t kMostText = 256 * 1024;
  std::string all = is_list ? "[" : "";
  for (const Call& call : calls) {
    JsonObject exception;
    exception.text("type", "exception");
    exception.text("message", all.size() < kMostText ? text : "Service Unavailable");
    std::string one = exception.finish();
    one.pop_back();
    one.append(",\"tid\":").append(call.tid).append(",\"action\":").append(call.action);
    one.append(",\"method\":").append(call.method).append("}");
    if (all.size() > 1) all += ',';
    all += one;
    if (!is_list) break;
  }
  return is_list ? all + "]" : all;
}

Representation exception(const page::Notice& notice) {
  JsonObject object;
  object.text("type", "exception").text("message", page::spoken_text(notice));
  return under_200(object);
}

Representation refused_files(const page::Notice& notice) {
  JsonObject object;
  object.open("error").text("code", "503");
  object.text("message", spoken_in_html(notice)).close();
  return under_200(object.about(notice));
}

Representation refused_change(const page::Notice& notice) {
  JsonObject action;
  action.text("action", "error");
  return extended_problem(notice, action);
}

Representation list_of(JsonObject& item) {
  Representation said = in_json('[' + item.finish() + ']');
  said.status = 200;
  return said;
}

// For an empty value the label would be taken.
Representation suggestion(const page::Notice& notice) {
  JsonObject item;
  item.text("label", page::spoken_text(notice)).text("value", " ");
  return list_of(item);
}

// A node's text is put into the page as HTML.
Representation node(const page::Notice& notice) {
  JsonObject item;
  item.text("text", spoken_in_html(notice)).truth("icon", false);
  item.open("state").truth("disabled", true).close();
  return list_of(item);
}

std::vector<Representation> render(const page::Notice& notice, const catalog::Service&) {
  return {empty_result(notice, "error", "recordsTotal", "recordsFiltered", "data"),
          empty_result(notice, "sError", "iTotalRecords", "iTotalDisplayRecords", "aaData"),
          item(notice),
          told(notice, "Result", "ERROR", "Message"),
          told(notice, "status", "error", "message"),
          exception(notice),
          refused_files(notice),
          refused_change(notice),
          suggestion(notice),
          node(notice)};
}

Repeated repeat(RequestEvidence& evidence, const page::Notice& notice, const Representation&,
                const Claim& claim) {
  if (claim.favours != kExtDirect) return {};
  ReadsBody seen;
  const JsonScan scan = scan_json(evidence.request().body(), seen);
  if (seen.calls.empty()) return {};
  return {.body = exceptions(seen.calls, scan.is_list, page::spoken_text(notice))};
}

}  // namespace

extern const Dialect kRow;
const Dialect kRow = {
    .name = "widgets",
    .speaks_to =
        "widgets in pages: DataTables, Select2, jQuery UI's Autocomplete, jsTree, jTable, w2ui's "
        "grid, Ext.Direct, Syncfusion's "
        "file manager, dhtmlxGantt",
    .known_by =
        "parameters draw and columns[0][data], or sEcho and iColumns; jtStartIndex and jtPageSize; "
        "_type=query with X-Requested-With; of jQuery, term alone or id=#; request={\"limit\":…} "
        "of a script; calls of type rpc "
        "with a tid; "
        "an action of a script on a path with showHiddenItems or data; "
        "a task with start_date, end_date and duration, with X-Requested-With",
    .triggers = {{.parameters = {"draw", "sEcho", "jtStartIndex", "_type", "request", "term",
                                 "id"}},
                 {.methods = kPost | kWrite, .content_types = {kForm, kJson}}},
    .yields_to_contract = true,
    .recognise = recognise,
    .render = render,
    .repeat = repeat,
};

}  // namespace intermission::dialect::widgets
