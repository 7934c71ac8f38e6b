#include "switch.h"

#include <cstdlib>

namespace mutate {
namespace {

std::size_t from_environment() {
  const char* text = std::getenv("INTERMISSION_MUTANT");
  return text == nullptr ? kMost : std::strtoul(text, nullptr, 10);
}

}  // namespace

const std::size_t active = from_environment();
unsigned char reached[kMost] = {};

}  // namespace mutate
