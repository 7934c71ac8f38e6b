#include "interfaces/interface.h"

#include <algorithm>

namespace intermission::interfaces {

bool Interface::offers(std::string_view service) const {
  return std::binary_search(services.begin(), services.end(), service);
}

}  // namespace intermission::interfaces
