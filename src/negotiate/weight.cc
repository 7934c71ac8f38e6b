#include "negotiate/weight.h"

#include "base/text.h"
#include "negotiate/negotiate.h"

namespace intermission::negotiate {

// qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )        RFC 9110 §12.4.2
int parse_weight(std::string_view qvalue) {
  constexpr std::size_t kLongest = 5;  // 0.123
  if (qvalue.empty() || qvalue.size() > kLongest) return kMalformedWeight;
  if (qvalue[0] != '0' && qvalue[0] != '1') return kMalformedWeight;
  if (qvalue.size() > 1 && qvalue[1] != '.') return kMalformedWeight;
  int weight = (qvalue[0] - '0') * kMaxWeight;
  int unit = kMaxWeight / 10;
  for (std::size_t i = 2; i < qvalue.size(); ++i, unit /= 10) {
    if (!base::is_digit(qvalue[i])) return kMalformedWeight;
    weight += (qvalue[i] - '0') * unit;
  }
  return weight <= kMaxWeight ? weight : kMalformedWeight;
}

}  // namespace intermission::negotiate
