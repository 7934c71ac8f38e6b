// The version of the program, as CMakeLists.txt has it: one small file knows it, so that a release
// compiles nothing else anew.
#pragma once

namespace intermission::base {

/// Such as "0.2.0".
extern const char* const kVersion;

}  // namespace intermission::base
