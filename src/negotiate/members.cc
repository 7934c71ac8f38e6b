#include "negotiate/members.h"

#include "base/text.h"
#include "negotiate/weight.h"

namespace intermission::negotiate {
namespace {

bool is_q(std::string_view name) {
  return name.size() == 1 && base::ascii_lower(name[0]) == 'q';
}

// Reads the parameters behind a member's first ";", whatever they are.
void parse_parameters(std::string_view text, Member& member) {
  http::Splitter parameters(text, ';');
  std::string_view parameter;
  bool weighed = false;
  while (parameters.next(parameter)) {
    if (parameter.empty()) continue;
    const auto equals = parameter.find('=');
    if (!is_q(base::trim(parameter.substr(0, equals)))) {
      member.has_parameters = true;
    } else if (!weighed) {
      weighed = true;
      member.weight = equals == std::string_view::npos
                          ? kMalformedWeight
                          : parse_weight(base::trim(parameter.substr(equals + 1)));
    }
  }
}

// member     = name parameters                                        RFC 9110 §5.6.6, §12.4.2
// parameters = *( OWS ";" OWS [ token "=" ( token / quoted-string ) ] )
// weight     = the first parameter named "q", wherever it stands (rule 5)
Member parse_member(std::string_view text) {
  Member member;
  const auto semicolon = text.find(';');
  member.name = base::trim(text.substr(0, semicolon));
  if (semicolon == std::string_view::npos) return member;
  const std::string_view parameters = base::trim(text.substr(semicolon + 1));
  // Nearly always all there is: "q=0.9", which a good weight cannot be mistaken for.
  if (parameters.size() > 2 && is_q(parameters.substr(0, 1)) && parameters[1] == '=') {
    const int weight = parse_weight(parameters.substr(2));
    if (weight != kMalformedWeight) {
      member.weight = weight;
      return member;
    }
  }
  parse_parameters(parameters, member);
  return member;
}

}  // namespace

Members::Members(http::FieldValues lines)
    : line_(lines.begin()), end_(lines.end()), parts_({}, ',') {}

// Cuts the line to what is left of kMaxBytes, and then back to the last comma: half a member
// could mean something else than the whole.
bool Members::next_line() {
  if (line_ == end_ || bytes_left_ == 0) return false;
  std::string_view text = *line_;
  ++line_;
  if (text.size() > bytes_left_) {
    const auto comma = text.rfind(',', bytes_left_);
    text = text.substr(0, comma == std::string_view::npos ? 0 : comma);
    bytes_left_ = 0;
  } else {
    bytes_left_ -= text.size();
    if (bytes_left_ > 0) --bytes_left_;  // the comma that would join it with the next line
  }
  parts_ = http::Splitter(text, ',');
  return true;
}

// #element = [ element ] *( OWS "," OWS [ element ] )                 RFC 9110 §5.6.1.2
bool Members::next(Member& member) {
  if (members_left_ == 0) return false;
  std::string_view part;
  while (part.empty()) {
    if (!parts_.next(part) && !next_line()) return false;
  }
  --members_left_;
  member = parse_member(part);
  return true;
}

}  // namespace intermission::negotiate
