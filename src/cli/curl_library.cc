#include "cli/curl_library.h"

#include <dlfcn.h>

namespace intermission::cli {
namespace {

// The name belongs to its binary interface, which has been the same since 2006.
constexpr const char* kName = "libcurl.so.4";

/// Looks functions up, and remembers whether one is missing.
class Lookup {
 public:
  explicit Lookup(void* library) : library_(library) {}

  template <typename Function>
  void find(const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(library_, name));
    if (function == nullptr) is_whole_ = false;
  }
  bool is_whole() const { return is_whole_; }

 private:
  void* library_;
  bool is_whole_ = true;
};

}  // namespace

std::optional<CurlLibrary> CurlLibrary::open(const char* name) {
  void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return {};
  CurlLibrary found;
  decltype(&curl_global_init) begin = nullptr;
  Lookup lookup(library);
  lookup.find("curl_global_init", begin);
  lookup.find("curl_easy_init", found.init);
  lookup.find("curl_easy_setopt", found.set);
  lookup.find("curl_easy_perform", found.perform);
  lookup.find("curl_easy_getinfo", found.get);
  lookup.find("curl_easy_cleanup", found.cleanup);
  lookup.find("curl_easy_strerror", found.text_of);
  lookup.find("curl_slist_append", found.append);
  lookup.find("curl_slist_free_all", found.free_list);
  if (!lookup.is_whole() || begin(CURL_GLOBAL_DEFAULT) != CURLE_OK) return {};
  return found;
}

const CurlLibrary* CurlLibrary::load() {
  static const std::optional<CurlLibrary> kFound = open(kName);
  return kFound ? &*kFound : nullptr;
}

}  // namespace intermission::cli
