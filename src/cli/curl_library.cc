#include "cli/curl_library.h"

#include <dlfcn.h>

namespace intermission::cli {
namespace {

// The name belongs to its binary interface, which has been the same since 2006.
constexpr const char* kName = "libcurl.so.4";

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

// Never closed: what it has begun it may go on with until the program ends.
const CurlLibrary* look_up() {
  static CurlLibrary found;
  void* library = dlopen(kName, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  decltype(&curl_global_init) begin = nullptr;
  const bool whole = find(library, "curl_global_init", begin) &&
                     find(library, "curl_easy_init", found.init) &&
                     find(library, "curl_easy_setopt", found.set) &&
                     find(library, "curl_easy_perform", found.perform) &&
                     find(library, "curl_easy_getinfo", found.get) &&
                     find(library, "curl_easy_cleanup", found.cleanup) &&
                     find(library, "curl_easy_strerror", found.text_of) &&
                     find(library, "curl_slist_append", found.append) &&
                     find(library, "curl_slist_free_all", found.free_list);
  return whole && begin(CURL_GLOBAL_DEFAULT) == CURLE_OK ? &found : nullptr;
}

}  // namespace

const CurlLibrary* CurlLibrary::load() {
  static const CurlLibrary* const kFound = look_up();
  return kFound;
}

}  // namespace intermission::cli
