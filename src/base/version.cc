#include "base/version.h"

namespace intermission::base {

const char* const kVersion = INTERMISSION_VERSION;

}  // namespace intermission::base
