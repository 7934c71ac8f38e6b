#include "negotiate/members.h"

#include <algorithm>

#include "negotiate/weight.h"

namespace intermission::negotiate {
namespace {

bool is_q(std::string_view name) {
  return name.size() == 1 && base::ascii_lower(name[0]) == 'q';
}

// Reads what stands behind a member's first ";", whatever it is.
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

}  // namespace

namespace detail {

// Cuts a line to what is left of kMaxBytes, and then back to the last comma: half a member could
// mean something else than the whole.
std::string_view Rest::cut(std::string_view line) {
  if (line.size() > bytes) {
    const auto comma = bytes == 0 ? std::string_view::npos : line.rfind(',', bytes);
    bytes = 0;
    return line.substr(0, comma == std::string_view::npos ? 0 : comma);
  }
  bytes -= line.size();
  if (bytes > 0) --bytes;  // the comma that would join it with the next line
  return line;
}

// member     = name parameters                                        RFC 9110 §5.6.6, §12.4.2
// parameters = *( OWS ";" OWS [ token "=" ( token / quoted-string ) ] )
// weight     = the first parameter named "q", wherever it stands (rule 5)
Member parse_member(std::string_view text) {
  Member member;
  const auto semicolon = text.find(';');
  member.name = base::trim(text.substr(0, semicolon));
  if (semicolon != std::string_view::npos) parse_parameters(text.substr(semicolon + 1), member);
  return member;
}

const char* read_parameters(const char* at, const char* end, Member& member) {
  ++at;
  const char* const comma = std::find(at, end, ',');
  parse_parameters({at, static_cast<std::size_t>(comma - at)}, member);
  return comma;
}

}  // namespace detail

}  // namespace intermission::negotiate
