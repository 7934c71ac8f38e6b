// How the program ends: its exit codes, and what it tells on standard error.
#pragma once

#include <string>

namespace intermission::program {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;  // what was asked for could not be done
inline constexpr int kWrong = 2;   // usage or configuration

/// One line on standard error, after the program's name.
void tell(const std::string& problem);

/// Tells why what was asked for could not be done; returns kFailed.
int failed(const std::string& why);

/// Tells what is wrong with the usage or the configuration; returns kWrong.
int wrong(const std::string& what);

}  // namespace intermission::program
