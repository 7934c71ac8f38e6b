// Why a call of the operator's API was not carried out: one problem document (RFC 9457), with the
// name of the field that is wrong, where one is.
#pragma once

#include <cstdint>
#include <string>

namespace intermission::control {

struct Refusal {
  std::uint16_t status = 422;
  std::string detail;  // plain words: what was expected, or what to do
  std::string field = {};
};

}  // namespace intermission::control
