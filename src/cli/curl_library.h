// The functions of libcurl that the command line calls, looked up when a command needs them.
//
// The program is not linked with libcurl: with it come LDAP, Kerberos and SSH, which a gateway that
// answers clients would load at every start and never call.
#pragma once

#include <curl/curl.h>

#include <optional>

namespace intermission::cli {

struct CurlLibrary {
  decltype(&curl_easy_init) init = nullptr;
  decltype(&curl_easy_setopt) set = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) get = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_easy_strerror) text_of = nullptr;
  decltype(&curl_slist_append) append = nullptr;
  decltype(&curl_slist_free_all) free_list = nullptr;

  /// Null where the system has no libcurl. From one thread only.
  static const CurlLibrary* load();
  /// Nothing where there is no library of that name, or one that lacks a function. What was opened
  /// is never closed: what libcurl has begun it may go on with until the program ends.
  static std::optional<CurlLibrary> open(const char* name);
};

}  // namespace intermission::cli
